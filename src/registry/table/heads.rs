//! What the columns of the table may be called.

use crate::text::fold;

/// What a column of the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Name of the unit.
    Unit,
    /// Its id.
    UnitId,
    /// Name or id of the unit above it.
    Superior,
    /// Region.
    Region,
    /// Group of units with one profile.
    Group,
    /// Kind of body.
    Kind,
    /// Name of the site.
    Site,
    /// Its id.
    SiteId,
    /// 网站标识码.
    Code,
    /// Where a crawl begins.
    Addresses,
    /// The unit's part of the site.
    Scope,
    /// Who operates the site.
    Operator,
    /// Name of the platform.
    Platform,
    /// Its id.
    PlatformId,
    /// Who operates the platform.
    PlatformOperator,
    /// Names of contacts.
    Contact,
    /// Their telephones.
    Phone,
    /// Their mail addresses.
    Mail,
    /// Cadences.
    Cadence,
    /// State of the site.
    State,
    /// First day of the state.
    Since,
    /// Last day of it.
    Until,
    /// The filing that says so.
    Basis,
    /// What nobody reads: a serial number, a remark.
    Remark,
}

/// Every field with its head as we write it and the other names that it goes by, folded.
const HEADS: [(Field, &str, &str, &[&str]); 24] = [
    (Field::Unit, "单位名称", "unit", &["单位", "主办单位", "部门", "部门名称", "责任单位", "unitname", "bureau"]),
    (Field::UnitId, "单位编码", "unit id", &["单位id", "单位代码", "部门编码", "unitcode"]),
    (Field::Superior, "上级单位", "superior", &["主管单位", "上级", "主管部门", "上级主管单位", "parent"]),
    (Field::Region, "地区", "region", &["区域", "行政区划", "所属地区", "辖区", "district"]),
    (Field::Group, "分组", "group", &["组", "组别", "所属分组"]),
    (Field::Kind, "机构类型", "kind", &["类别", "单位类别", "单位类型", "机构类别", "类型", "kindofbody"]),
    (Field::Site, "网站名称", "site", &["网站", "站点", "站点名称", "sitename", "website"]),
    (Field::SiteId, "网站编码", "site id", &["站点编码", "网站id", "站点id"]),
    (Field::Code, "网站标识码", "code", &["标识码", "政府网站标识码", "站点标识码", "sitecode", "siteidcode"]),
    (
        Field::Addresses,
        "网址",
        "addresses",
        &["地址", "网站地址", "网站域名", "域名", "首页网址", "首页地址", "address", "url", "urls"],
    ),
    (Field::Scope, "范围", "scope", &["栏目范围", "检查范围", "网址范围", "scopes"]),
    (Field::Operator, "运营单位", "operator", &["运维单位", "承办单位", "网站运营单位", "siteoperator"]),
    (Field::Platform, "平台", "platform", &["平台名称", "集约化平台", "所属平台", "platformname"]),
    (Field::PlatformId, "平台编码", "platform id", &["平台id"]),
    (Field::PlatformOperator, "平台运营单位", "platform operator", &["平台运维单位"]),
    (Field::Contact, "联系人", "contact", &["联系人姓名", "负责人", "contacts", "contactname"]),
    (Field::Phone, "电话", "phone", &["联系电话", "手机", "电话号码", "telephone", "tel"]),
    (Field::Mail, "邮箱", "mail", &["电子邮箱", "邮件", "电子邮件", "email", "emails"]),
    (Field::Cadence, "频次", "cadence", &["巡查频次", "检查频次", "频率", "cadences"]),
    (Field::State, "状态", "state", &["网站状态", "运行状态", "standing"]),
    (Field::Since, "起", "since", &["开始日期", "起始日期", "状态起", "起日", "from"]),
    (Field::Until, "止", "until", &["结束日期", "截止日期", "状态止", "止日", "to"]),
    (Field::Basis, "备案依据", "basis", &["依据", "备案", "备案文号", "filing"]),
    (Field::Remark, "备注", "remark", &["序号", "编号", "说明", "no", "no.", "#", "remarks", "note", "notes"]),
];

impl Field {
    /// Every field that says something, in the order in which they are written.
    pub fn all() -> impl Iterator<Item = Field> {
        HEADS.iter().map(|(field, ..)| *field).filter(|field| *field != Field::Remark)
    }

    /// What a head names: exactly one of the names on folded text, remarks in brackets passed over (`网址（首页）`).
    pub fn of(head: &str) -> Option<Field> {
        let folded = fold(head).replace(['*', '_', '-', '/'], "");
        let plain = folded.split('(').next().unwrap_or_default();
        let is = |name: &str| name == folded || name == plain;
        let named = |(_, zh, en, others): &&(Field, &str, &str, &[&str])| {
            is(zh) || is(&en.replace(' ', "")) || others.iter().any(|name| is(name))
        };
        HEADS.iter().find(named).map(|(field, ..)| *field)
    }

    /// The field that a wrong head may mean.
    pub(super) fn nearly(head: &str) -> Option<Field> {
        const NEAR: f64 = 0.7;
        let folded = fold(head);
        let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&folded, &fold(name));
        let best = HEADS.iter().map(|(field, zh, en, others)| {
            let names = others.iter().copied().chain([*zh, *en]).filter(|name| name.chars().count() > 2);
            (names.map(likeness).fold(0.0, f64::max), *field)
        });
        best.filter(|(score, field)| *score >= NEAR && *field != Field::Remark)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, field)| field)
    }

    /// Its head in Chinese.
    pub fn word(self) -> &'static str {
        HEADS.iter().find(|(field, ..)| *field == self).map_or("", |(_, zh, ..)| zh)
    }

    /// Its head in English.
    pub fn english(self) -> &'static str {
        HEADS.iter().find(|(field, ..)| *field == self).map_or("", |(_, _, en, _)| en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_name_means_two_fields() {
        let mut met = BTreeSet::new();
        for (field, zh, en, others) in HEADS {
            for name in others.iter().copied().chain([zh, en]) {
                assert_eq!(Field::of(name), Some(field), "{name}");
                assert!(met.insert(fold(name)), "{name} twice");
            }
        }
        assert_eq!(Field::of("網址（首頁）"), Some(Field::Addresses));
        assert_eq!(Field::of(" Unit ID "), Some(Field::UnitId));
        assert_eq!(Field::of("天气"), None);
        assert_eq!(Field::nearly("网站标示码"), Some(Field::Code));
        assert_eq!(Field::nearly("今天天气怎么样"), None);
    }
}
