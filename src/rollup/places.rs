//! The provinces of GB/T 2260, by the first two digits of a unit's code.

use crate::model::Term;

const PROVINCES: &[(&str, Term)] = &[
    ("00", Term("中央", "Central")),
    ("11", Term("北京市", "Beijing")),
    ("12", Term("天津市", "Tianjin")),
    ("13", Term("河北省", "Hebei")),
    ("14", Term("山西省", "Shanxi")),
    ("15", Term("内蒙古自治区", "Inner Mongolia")),
    ("21", Term("辽宁省", "Liaoning")),
    ("22", Term("吉林省", "Jilin")),
    ("23", Term("黑龙江省", "Heilongjiang")),
    ("31", Term("上海市", "Shanghai")),
    ("32", Term("江苏省", "Jiangsu")),
    ("33", Term("浙江省", "Zhejiang")),
    ("34", Term("安徽省", "Anhui")),
    ("35", Term("福建省", "Fujian")),
    ("36", Term("江西省", "Jiangxi")),
    ("37", Term("山东省", "Shandong")),
    ("41", Term("河南省", "Henan")),
    ("42", Term("湖北省", "Hubei")),
    ("43", Term("湖南省", "Hunan")),
    ("44", Term("广东省", "Guangdong")),
    ("45", Term("广西壮族自治区", "Guangxi")),
    ("46", Term("海南省", "Hainan")),
    ("50", Term("重庆市", "Chongqing")),
    ("51", Term("四川省", "Sichuan")),
    ("52", Term("贵州省", "Guizhou")),
    ("53", Term("云南省", "Yunnan")),
    ("54", Term("西藏自治区", "Tibet")),
    ("61", Term("陕西省", "Shaanxi")),
    ("62", Term("甘肃省", "Gansu")),
    ("63", Term("青海省", "Qinghai")),
    ("64", Term("宁夏回族自治区", "Ningxia")),
    ("65", Term("新疆维吾尔自治区", "Xinjiang")),
    ("71", Term("台湾省", "Taiwan")),
    ("81", Term("香港特别行政区", "Hong Kong")),
    ("82", Term("澳门特别行政区", "Macao")),
];

/// The name behind a code.
pub fn province(code: &str) -> Option<Term> {
    PROVINCES.iter().find(|(c, _)| code.starts_with(c)).map(|(_, name)| *name)
}

/// Codes of the provinces of the mainland, for worlds that are made up.
pub fn mainland() -> impl Iterator<Item = &'static str> {
    PROVINCES.iter().map(|(c, _)| *c).filter(|c| ("11".."71").contains(c))
}
