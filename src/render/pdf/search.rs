//! Where fonts are looked for, and which. The only list: documented in the README, changed here.
//!
//! Order of things: [`FOLDERS`]; [`BODY`], [`HEAD`], [`TITLE`], the file names by preference;
//! [`Installed`], what of it is there. Within a design the TrueType file comes before the
//! OpenType one, which comes before the collection.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Folders of fonts, with everything below them. Fonts in a home folder are named with `--font`.
pub const FOLDERS: [&str; 6] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "/System/Library/AssetsV2",
    "C:\\Windows\\Fonts",
];

/// Cells and prose: 仿宋, then 宋体 and its kin, then whatever has Chinese characters.
pub const BODY: [&str; 27] = [
    "simfang.ttf",
    "stfangso.ttf",
    "stfangsong.ttf",
    "fangsong.ttf",
    "simsun.ttc",
    "simsun.ttf",
    "stsong.ttf",
    "songti.ttc",
    "notoserifsc-regular.ttf",
    "notoserifsc_400regular.ttf",
    "notoserifsc[wght].ttf",
    "notoserifsc-variablefont_wght.ttf",
    "sourcehanserifsc-regular.ttf",
    "sourcehanserifsc-regular.otf",
    "sourcehanserifcn-regular.otf",
    "notoserifcjksc-regular.otf",
    "notoserifcjk-regular.ttc",
    "sourcehanserif-regular.ttc",
    "sourcehanserif.ttc",
    "uming.ttc",
    "simhei.ttf",
    "notosanssc-regular.ttf",
    "notosanssc_400regular.ttf",
    "notosanssc[wght].ttf",
    "notosanssc-variablefont_wght.ttf",
    "notosanscjksc-regular.otf",
    "notosanscjk-regular.ttc",
];

/// Heads of tables and headings: 黑体.
pub const HEAD: [&str; 18] = [
    "simhei.ttf",
    "stheiti medium.ttc",
    "stxihei.ttf",
    "msyh.ttc",
    "notosanssc-medium.ttf",
    "notosanssc_500medium.ttf",
    "notosanssc-regular.ttf",
    "notosanssc_400regular.ttf",
    "notosanssc[wght].ttf",
    "notosanssc-variablefont_wght.ttf",
    "sourcehansanssc-medium.otf",
    "notosanscjksc-medium.otf",
    "notosanscjk-medium.ttc",
    "notosanscjk-bold.ttc",
    "notosanscjk-regular.ttc",
    "sourcehansans.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
];

/// Titles: 小标宋, then a bold 宋体.
pub const TITLE: [&str; 13] = [
    "fzxbsjw.ttf",
    "fzxiaobiaosong-b05s.ttf",
    "方正小标宋简体.ttf",
    "方正小标宋_gbk.ttf",
    "notoserifsc-bold.ttf",
    "notoserifsc_700bold.ttf",
    "notoserifsc[wght].ttf",
    "notoserifsc-variablefont_wght.ttf",
    "sourcehanserifsc-bold.otf",
    "notoserifcjksc-bold.otf",
    "notoserifcjk-bold.ttc",
    "sourcehanserif-bold.ttc",
    "stzhongs.ttf",
];

/// Asked last for a character that the others lack; they may stand in for a missing font of
/// the lists above, too.
pub const LAST: [&str; 9] = [
    "simsunb.ttf",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "droidsansfallbackfull.ttf",
    "droidsansfallback.ttf",
    "ukai.ttc",
    "msyh.ttc",
    "pingfang.ttc",
    "dejavusans.ttf",
];

/// Font files that are there, by name in small letters.
pub struct Installed(BTreeMap<String, PathBuf>);

impl Installed {
    /// Looks into the folders; of two files with one name the first by path.
    pub fn look(folders: &[&Path]) -> Installed {
        let mut found = BTreeMap::new();
        folders.iter().for_each(|f| walk(f, 0, &mut found));
        Installed(found)
    }
    /// The file of this name.
    pub fn get(&self, name: &str) -> Option<&PathBuf> {
        self.0.get(&name.to_lowercase())
    }
    /// Those of a list that are there, in its order.
    pub fn of(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().filter_map(|n| self.get(n)).cloned().collect()
    }
}

fn walk(folder: &Path, depth: usize, found: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        // Folders of fonts are shallow; a link that leads back up must not be followed for ever.
        if path.is_dir() && depth < 6 {
            walk(&path, depth + 1, found);
        } else if let Some(name) = path.file_name().and_then(|n| n.to_str()) {
            found.entry(name.to_lowercase()).or_insert(path);
        }
    }
}
