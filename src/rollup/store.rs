//! The only one who knows Parquet: typed tables with required columns, written row group by
//! row group and read back in batches, so that memory does not grow with the file.
//!
//! Files are made beside their place and renamed ([`Sheet::finish`]); equal rows give equal
//! bytes. Columns that hardly repeat ([`Kind::Key`]) are written plain: they are read fastest so.

use super::error::{Error, Result, at};
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::file::statistics::Statistics;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a row group.
pub const GROUP: usize = 122_880;
/// Rows read at once.
pub const BATCH: usize = 4096;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// INT64 that hardly repeats.
    Key,
    /// INT64 in long runs.
    Run,
    /// INT32 of few values.
    Code,
    /// DATE.
    Day,
    /// UTF-8.
    Text,
}

/// Names and kinds of a table's columns.
pub type Columns = &'static [(&'static str, Kind)];

/// Values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Of [`Kind::Key`] and [`Kind::Run`].
    Long(Vec<i64>),
    /// Of [`Kind::Code`] and [`Kind::Day`].
    Int(Vec<i32>),
    /// Of [`Kind::Text`].
    Text(Vec<ByteArray>),
}

impl Values {
    fn of(kind: Kind) -> Values {
        match kind {
            Kind::Key | Kind::Run => Values::Long(Vec::new()),
            Kind::Code | Kind::Day => Values::Int(Vec::new()),
            Kind::Text => Values::Text(Vec::new()),
        }
    }
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Values::Long(v) => v.len(),
            Values::Int(v) => v.len(),
            Values::Text(v) => v.len(),
        }
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn clear(&mut self) {
        match self {
            Values::Long(v) => v.clear(),
            Values::Int(v) => v.clear(),
            Values::Text(v) => v.clear(),
        }
    }
    /// One more; our own tables never mix kinds.
    pub fn long(&mut self, value: i64) {
        if let Values::Long(v) = self {
            v.push(value);
        }
    }
    /// One more.
    pub fn int(&mut self, value: i32) {
        if let Values::Int(v) = self {
            v.push(value);
        }
    }
    /// One more.
    pub fn text(&mut self, value: &str) {
        if let Values::Text(v) = self {
            v.push(ByteArray::from(value));
        }
    }
    /// The value at a place; 0 where the column holds something else.
    pub fn long_at(&self, i: usize) -> i64 {
        if let Values::Long(v) = self { v[i] } else { 0 }
    }
    /// The value at a place; 0 where the column holds something else.
    pub fn int_at(&self, i: usize) -> i32 {
        if let Values::Int(v) = self { v[i] } else { 0 }
    }
    /// The text at a place.
    pub fn text_at(&self, i: usize) -> &str {
        if let Values::Text(v) = self { std::str::from_utf8(v[i].data()).unwrap_or("\u{fffd}") } else { "" }
    }
}

/// Empty columns for a table.
pub fn blank(columns: Columns) -> Vec<Values> {
    columns.iter().map(|c| Values::of(c.1)).collect()
}

fn schema(columns: Columns) -> std::result::Result<Type, ParquetError> {
    let mut fields = Vec::new();
    for (name, kind) in columns {
        let (physical, converted, logical) = match kind {
            Kind::Key | Kind::Run => (Physical::INT64, ConvertedType::NONE, None),
            Kind::Code => (Physical::INT32, ConvertedType::NONE, None),
            Kind::Day => (Physical::INT32, ConvertedType::DATE, Some(LogicalType::Date)),
            Kind::Text => (Physical::BYTE_ARRAY, ConvertedType::UTF8, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_converted_type(converted)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    Type::group_type_builder("duban").with_fields(fields).build()
}

fn properties(columns: Columns) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_created_by("duban rollup 1".into())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_data_page_row_count_limit(BATCH)
        .set_write_batch_size(BATCH)
        .set_offset_index_disabled(true);
    for (name, _) in columns.iter().filter(|c| c.1 == Kind::Key) {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    builder.build()
}

/// A table that is being written.
pub struct Sheet {
    writer: SerializedFileWriter<BufWriter<File>>,
    path: PathBuf,
    fresh: PathBuf,
    columns: Vec<Values>,
    /// Rows so far.
    pub rows: u64,
}

impl Sheet {
    /// Begins a file beside its place.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(path: &Path, columns: Columns) -> Result<Sheet> {
        let dir = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(dir).map_err(at(dir))?;
        let fresh = dir.join(format!(".{}.new", path.file_name().unwrap_or_default().to_string_lossy()));
        let file = File::create(&fresh).map_err(at(&fresh))?;
        let bad = |e: ParquetError| Error::parquet(path, &e);
        let schema = Arc::new(schema(columns).map_err(bad)?);
        let writer = SerializedFileWriter::new(BufWriter::new(file), schema, Arc::new(properties(columns))).map_err(bad)?;
        Ok(Sheet { writer, path: path.into(), fresh, columns: blank(columns), rows: 0 })
    }

    /// The columns to put the next row into, one value each; then [`Sheet::done`].
    pub fn row(&mut self) -> &mut [Values] {
        &mut self.columns
    }

    /// The row is complete.
    ///
    /// # Errors
    /// When a full row group cannot be written.
    pub fn done(&mut self) -> Result<()> {
        self.rows += 1;
        if self.columns[0].len() >= GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let path = self.path.clone();
        self.group().map_err(|e| Error::parquet(&path, &e))
    }

    fn group(&mut self) -> std::result::Result<(), ParquetError> {
        if self.columns[0].is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for values in &mut self.columns {
            let mut column = group.next_column()?.expect("a column for each of ours");
            match values {
                Values::Long(v) => column.typed::<Int64Type>().write_batch(v, None, None)?,
                Values::Int(v) => column.typed::<Int32Type>().write_batch(v, None, None)?,
                Values::Text(v) => column.typed::<ByteArrayType>().write_batch(v, None, None)?,
            };
            column.close()?;
            values.clear();
        }
        group.close()?;
        Ok(())
    }

    /// On disk, and under its name: whole or not at all. Gives its size in bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<u64> {
        self.flush()?;
        let (path, fresh) = (self.path, self.fresh);
        let buffer = self.writer.into_inner().map_err(|e| Error::parquet(&path, &e))?;
        let file = buffer.into_inner().map_err(|e| Error::io(&path, e.error()))?;
        file.sync_all().map_err(at(&path))?;
        let size = file.metadata().map_err(at(&path))?.len();
        std::fs::rename(&fresh, &path).map_err(at(&path))?;
        Ok(size)
    }
}

/// Reads at places, so that several columns share one open file.
#[derive(Clone)]
struct Shared(Arc<File>, u64);

impl Length for Shared {
    fn len(&self) -> u64 {
        self.1
    }
}

struct Here(Arc<File>, u64);

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], from: u64) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, from)
}
#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], from: u64) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, from)
}

impl Read for Here {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = read_at(&self.0, into, self.1)?;
        self.1 += n as u64;
        Ok(n)
    }
}

impl ChunkReader for Shared {
    type T = BufReader<Here>;
    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        // A page's head is some forty bytes; its body is asked for by length.
        Ok(BufReader::with_capacity(256, Here(self.0.clone(), start)))
    }
    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<bytes::Bytes> {
        let mut out = vec![0; length];
        Here(self.0.clone(), start).read_exact(&mut out)?;
        Ok(out.into())
    }
}

/// A table to read.
pub struct Book {
    reader: SerializedFileReader<Shared>,
    path: PathBuf,
    columns: Columns,
}

impl Book {
    /// Opens a file and holds its columns against ours, by name and kind.
    ///
    /// # Errors
    /// When it cannot be read or has other columns.
    pub fn open(path: &Path, columns: Columns) -> Result<Book> {
        let file = File::open(path).map_err(at(path))?;
        let length = file.metadata().map_err(at(path))?.len();
        let reader = SerializedFileReader::new(Shared(Arc::new(file), length)).map_err(|e| Error::parquet(path, &e))?;
        let found = reader.metadata().file_metadata().schema();
        let want = schema(columns).map_err(|e| Error::parquet(path, &e))?;
        if found.get_fields() != want.get_fields() {
            return Err(Error::parquet(path, &"its columns are not those of the contract"));
        }
        Ok(Book { reader, path: path.into(), columns })
    }

    /// Rows.
    pub fn rows(&self) -> u64 {
        self.reader.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// Row groups.
    pub fn groups(&self) -> usize {
        self.reader.num_row_groups()
    }

    /// Rows of a row group.
    pub fn group_rows(&self, group: usize) -> usize {
        usize::try_from(self.reader.metadata().row_group(group).num_rows()).unwrap_or(0)
    }

    /// Smallest and greatest number of a column in a row group, as its statistics have it.
    pub fn bounds(&self, group: usize, column: usize) -> Option<(i64, i64)> {
        match self.reader.metadata().row_group(group).column(column).statistics()? {
            Statistics::Int32(s) => Some((i64::from(*s.min_opt()?), i64::from(*s.max_opt()?))),
            Statistics::Int64(s) => Some((*s.min_opt()?, *s.max_opt()?)),
            _ => None,
        }
    }

    /// Begins to read some columns of some row groups, in order.
    pub fn walk(self, wanted: &[usize], groups: Vec<usize>) -> Walk {
        let values = self.columns.iter().map(|c| Values::of(c.1)).collect();
        Walk { book: self, wanted: wanted.to_vec(), groups: groups.into_iter(), open: Vec::new(), left: 0, values, at: 0, filled: 0 }
    }
}

/// A table on its way through memory, a batch at a time.
pub struct Walk {
    book: Book,
    wanted: Vec<usize>,
    groups: std::vec::IntoIter<usize>,
    open: Vec<ColumnReader>,
    left: usize,
    /// The batch, by column of the table; columns that nobody wanted stay empty.
    pub values: Vec<Values>,
    /// The present row of the batch.
    pub at: usize,
    /// Rows of the batch.
    pub filled: usize,
}

impl Walk {
    /// Is there a present row? Reads the next batch where the last one is used up.
    ///
    /// # Errors
    /// When the file cannot be read.
    #[inline]
    pub fn more(&mut self) -> Result<bool> {
        if self.at < self.filled { Ok(true) } else { self.fill() }
    }

    fn fill(&mut self) -> Result<bool> {
        while self.left == 0 {
            let Some(group) = self.groups.next() else {
                (self.at, self.filled) = (0, 0);
                return Ok(false);
            };
            self.left = self.book.group_rows(group);
            let bad = |e| Error::parquet(&self.book.path, &e);
            let reader = self.book.reader.get_row_group(group).map_err(bad)?;
            self.open = self.wanted.iter().map(|c| reader.get_column_reader(*c)).collect::<std::result::Result<_, _>>().map_err(bad)?;
        }
        let want = self.left.min(BATCH);
        for (column, reader) in self.wanted.iter().zip(&mut self.open) {
            let values = &mut self.values[*column];
            values.clear();
            let read = match (reader, &mut *values) {
                (ColumnReader::Int64ColumnReader(r), Values::Long(v)) => r.read_records(want, None, None, v),
                (ColumnReader::Int32ColumnReader(r), Values::Int(v)) => r.read_records(want, None, None, v),
                (ColumnReader::ByteArrayColumnReader(r), Values::Text(v)) => r.read_records(want, None, None, v),
                _ => Err(ParquetError::General("a column of another type".into())),
            };
            let n = read.map_err(|e| Error::parquet(&self.book.path, &e))?.0;
            if n != want {
                return Err(Error::parquet(&self.book.path, &"a column ends before the others"));
            }
        }
        self.left -= want;
        (self.at, self.filled) = (0, want);
        Ok(true)
    }
}

/// Writes a text whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    let fresh = dir.join(format!(".{}.new", path.file_name().unwrap_or_default().to_string_lossy()));
    let mut file = File::create(&fresh).map_err(at(&fresh))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&fresh))?;
    std::fs::rename(&fresh, path).map_err(at(path))?;
    if let Ok(dir) = File::open(dir) {
        // The name is on disk too, where a folder can be asked for that.
        let _ = dir.sync_all();
    }
    Ok(())
}

/// SHA-256 of a file, read piece by piece.
///
/// # Errors
/// When it cannot be read.
pub fn digest(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(at(path))?;
    let (mut sum, mut buffer) = (crate::digest::Sum::default(), vec![0; 256 << 10]);
    loop {
        let n = file.read(&mut buffer).map_err(at(path))?;
        if n == 0 {
            return Ok(sum.hex());
        }
        sum.add(&buffer[..n]);
    }
}
