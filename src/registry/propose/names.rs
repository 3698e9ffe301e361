//! Names that a unit goes by on its site: columns carry them before or after their own (县公安局动态, 领导信息（市人防办）).

use crate::text::{fold, is_han};

/// Bodies that everybody calls by a shorter name.
const SHORT: [(&str, &str); 22] = [
    ("人民防空", "人防"),
    ("人民政府", "政府"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("自然资源和规划", "资规"),
    ("自然资源", "资源"),
    ("市场监督管理", "市场监管"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("生态环境", "环境"),
    ("农业农村", "农业"),
    ("卫生健康", "卫健"),
    ("退役军人事务", "退役军人"),
    ("应急管理", "应急"),
    ("交通运输", "交通"),
    ("综合行政执法", "执法"),
    ("文化和旅游", "文旅"),
    ("科学技术", "科技"),
    ("经济和信息化", "经信"),
    ("政务服务", "政务"),
];
/// Ends of such names, shortened likewise.
const ENDS: [(&str, &str); 3] = [("办公室", "办"), ("委员会", "委"), ("管理局", "局")];
/// What any body calls itself.
const OURSELVES: [&str; 10] = ["本局", "我局", "本单位", "我单位", "本办", "我办", "本委", "我委", "本部门", "局机关"];

/// The names of one unit, folded, longest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnNames(Vec<String>);

impl OwnNames {
    /// Of its full name.
    pub fn of(unit: &str) -> Self {
        let whole: Vec<char> = fold(unit).chars().filter(|c| c.is_alphanumeric() || is_han(*c)).collect();
        let text = |chars: &[char]| chars.iter().collect::<String>();
        let mut bodies = vec![text(&whole)];
        let mut names: Vec<String> = OURSELVES.map(str::to_owned).to_vec();
        if let Some(end) = end_of_place(&whole) {
            let (place, body) = (text(&whole[..end]), text(&whole[end..]));
            let level = text(&whole[end - 1..end]);
            // 云栖县 → 云栖
            let bare = text(&whole[..end - 1]);
            // 杭州市余杭区 → 余杭区
            let last =
                end_of_place(&whole[..end - 1]).map(|above| text(&whole[above..end])).filter(|last| last.chars().count() > 2);
            for short in shorter(&body) {
                names.extend([short.clone(), format!("{level}{short}"), format!("{place}{short}"), format!("{bare}{short}")]);
                names.extend(last.as_ref().map(|last| format!("{last}{short}")));
                // 县局, 市办
                if let Some(last) = short.chars().last().filter(|c| matches!(c, '局' | '办' | '委' | '厅')) {
                    names.push(format!("{level}{last}"));
                }
            }
            // Of a government the place is the unit.
            if body.ends_with("政府") {
                names.extend([place, bare]);
            }
            bodies.push(body);
        }
        names.extend(bodies.iter().flat_map(|body| shorter(body)));
        names.retain(|name| name.chars().count() >= 2);
        names.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
        names.dedup();
        OwnNames(names)
    }

    /// A column's name without the unit's own before or after it, folded; none where neither stands there or nothing is left.
    pub fn without(&self, name: &str) -> Option<String> {
        let whole: String = fold(name).chars().filter(|c| c.is_alphanumeric() || is_han(*c)).collect();
        let rest = self.0.iter().find_map(|own| {
            let rest = whole.strip_prefix(own.as_str()).or_else(|| whole.strip_suffix(own.as_str()))?;
            let rest = rest.trim_start_matches('的');
            (rest.chars().count() >= 2).then(|| rest.to_owned())
        });
        rest.filter(|rest| rest.chars().any(is_han))
    }
}

/// Where the name of the place ends: after the last 省, 市, 县 … that is not within the name of the body.
fn end_of_place(name: &[char]) -> Option<usize> {
    let ends = |at: usize| match name[at] {
        '市' => name.get(at + 1) != Some(&'场'),
        '区' => at == 0 || !matches!(name[at - 1], '社' | '校' | '园'),
        '省' | '县' | '州' | '盟' | '旗' => true,
        _ => false,
    };
    (2..name.len().saturating_sub(1)).rev().find(|at| ends(*at)).map(|at| at + 1)
}

/// A name and its shorter forms.
fn shorter(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    for (long, short) in SHORT {
        if let Some(rest) = name.strip_prefix(long) {
            all.push(format!("{short}{rest}"));
        } else if name.ends_with(long) {
            all.push(name.replace(long, short));
        }
    }
    for (long, short) in ENDS {
        let ended: Vec<String> =
            all.iter().filter_map(|name| name.strip_suffix(long)).map(|rest| format!("{rest}{short}")).collect();
        all.extend(ended);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_name_is_taken_off_and_nobody_elses() {
        let of = |unit: &str, name: &str| OwnNames::of(unit).without(name);
        for name in
            ["县公安局动态", "云栖县公安局动态", "公安局动态", "动态（县公安局）", "我局动态", "县局动态", "云栖公安局动态"]
        {
            assert_eq!(of("云栖县公安局", name).as_deref(), Some("动态"), "{name}");
        }
        for name in ["工作动态", "县教育局动态", "云栖动态", "公安局", "县公安局", "平安动态"] {
            assert_eq!(of("云栖县公安局", name), None, "{name}");
        }
        assert_eq!(of("云栖县人民防空办公室", "县人防办工作动态").as_deref(), Some("工作动态"));
        assert_eq!(of("云栖县人民政府", "云栖要闻").as_deref(), Some("要闻"));
        assert_eq!(of("云栖县市场监督管理局", "县市场监管局公告").as_deref(), Some("公告"));
        assert_eq!(of("杭州市余杭区教育局", "余杭区教育局通知公告").as_deref(), Some("通知公告"));
        assert_eq!(of("x", "x动态"), None);
    }
}
