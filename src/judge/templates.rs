//! A fault that nearly all pages share is one fault of their template (design.md 2.12).

use crate::facts::Site;
use crate::facts::links::Region;
use crate::facts::site::LinkTarget;

/// How the key begins that stands for all pages of a template's fault.
pub const KEY: &str = "template:";
/// Fewer pages are no template.
const LEAST_PAGES: u64 = 3;

/// Do so many of all make a template's fault: at least 80 %, and at least three?
pub fn is_of_template(pages: u64, of: u64) -> bool {
    pages >= LEAST_PAGES && u128::from(pages) * 10 >= u128::from(of) * 8
}

/// Is a link target referred to by a template: from nearly all pages, or from the head or bottom of most of its pages?
pub fn refers(target: &LinkTarget, site: &Site) -> bool {
    let framed = target.sources.iter().filter(|s| matches!(s.region, Region::Header | Region::Footer)).count();
    is_of_template(target.pages, site.pages.len() as u64) || target.pages >= LEAST_PAGES && framed * 2 > target.sources.len()
}

#[cfg(test)]
mod tests {
    use super::is_of_template;

    #[test]
    fn four_fifths_and_at_least_three() {
        assert!(is_of_template(3, 3));
        assert!(is_of_template(80, 100));
        assert!(!is_of_template(79, 100));
        assert!(!is_of_template(2, 2));
    }
}
