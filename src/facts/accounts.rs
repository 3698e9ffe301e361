//! The tables that published final accounts (部门决算) name: on a page or in a file.

use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One table of the set of final accounts (regulations.md section 6, T11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountsTable {
    /// 收入支出决算总表
    IncomeAndSpending,
    /// 收入决算表
    Income,
    /// 支出决算表
    Spending,
    /// 财政拨款收入支出决算总表
    Appropriations,
    /// 一般公共预算财政拨款支出决算表
    PublicBudgetSpending,
    /// 一般公共预算财政拨款基本支出决算表
    BasicSpending,
    /// “三公”经费支出决算表
    ThreePublicExpenses,
    /// 政府性基金预算财政拨款收入支出决算表
    GovernmentFunds,
}

impl AccountsTable {
    /// The whole set.
    pub const ALL: [AccountsTable; 8] = [
        AccountsTable::IncomeAndSpending,
        AccountsTable::Income,
        AccountsTable::Spending,
        AccountsTable::Appropriations,
        AccountsTable::PublicBudgetSpending,
        AccountsTable::BasicSpending,
        AccountsTable::ThreePublicExpenses,
        AccountsTable::GovernmentFunds,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            AccountsTable::IncomeAndSpending => "income-and-spending",
            AccountsTable::Income => "income",
            AccountsTable::Spending => "spending",
            AccountsTable::Appropriations => "appropriations",
            AccountsTable::PublicBudgetSpending => "public-budget-spending",
            AccountsTable::BasicSpending => "basic-spending",
            AccountsTable::ThreePublicExpenses => "three-public-expenses",
            AccountsTable::GovernmentFunds => "government-funds",
        }
    }

    /// Does a folded line without quotation marks name it? Bodies write the names with small differences.
    fn is_named(self, line: &str) -> bool {
        let appropriated = line.contains("财政拨款");
        let public = line.contains("一般公共预算");
        match self {
            AccountsTable::IncomeAndSpending => line.contains("收入支出决算") && !appropriated && !line.contains("基金"),
            AccountsTable::Income => line.contains("收入决算") && !appropriated,
            AccountsTable::Spending => {
                line.contains("支出决算") && !line.contains("收入支出") && !appropriated && !public && !line.contains("三公")
            }
            AccountsTable::Appropriations => line.contains("财政拨款收入支出决算") && !line.contains("基金"),
            AccountsTable::PublicBudgetSpending => {
                public && line.contains("支出决算") && !line.contains("基本支出") && !line.contains("三公")
            }
            AccountsTable::BasicSpending => line.contains("基本支出决算"),
            AccountsTable::ThreePublicExpenses => line.contains("三公") && line.contains("决算"),
            AccountsTable::GovernmentFunds => line.contains("政府性基金"),
        }
    }
}

/// What final accounts show of the set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// Tables named.
    pub tables: BTreeSet<AccountsTable>,
}

/// Most lines looked at.
const MOST_LINES: usize = 20_000;
/// A line longer than this is no name of a table.
const LONGEST: usize = 60;

impl Accounts {
    /// Of a text with this title; none when it is no text of final accounts.
    pub(super) fn of<'a>(title: &str, lines: impl Iterator<Item = &'a str>) -> Option<Self> {
        if !fold(title).contains("决算") {
            return None;
        }
        let mut tables = BTreeSet::new();
        for line in lines.flat_map(|text| text.split(['\n', '；', ';'])).take(MOST_LINES) {
            if !line.contains('决') || line.chars().count() > LONGEST {
                continue;
            }
            let folded: String = fold(line).chars().filter(|c| !matches!(c, '"' | '“' | '”')).collect();
            // 表 and 明细表; a heading like 三、支出决算情况说明 explains a table that must stand elsewhere.
            if !folded.contains('表') || folded.contains("情况说明") {
                continue;
            }
            tables.extend(AccountsTable::ALL.into_iter().filter(|table| table.is_named(&folded)));
        }
        Some(Accounts { tables })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_of_eight() {
        let lines = [
            "一、收入支出决算总表",
            "二、收入决算表",
            "三、支出决算表",
            "四、财政拨款收入支出决算总表",
            "五、一般公共预算财政拨款支出决算表",
            "六、一般公共预算财政拨款基本支出决算表",
            "七、一般公共预算财政拨款“三公”经费支出决算表",
            "八、政府性基金预算财政拨款收入支出决算表",
        ];
        let all = Accounts::of("2024年度部门决算", lines.into_iter()).map(|a| a.tables.len());
        assert_eq!(all, Some(8));
        for missing in 0..8 {
            let rest = lines.iter().enumerate().filter(|(n, _)| *n != missing).map(|(_, l)| *l);
            let found = Accounts::of("2024年度部门决算", rest).map(|a| a.tables);
            assert_eq!(found.as_ref().map(BTreeSet::len), Some(7), "{}", lines[missing]);
            assert!(found.is_some_and(|f| !f.contains(&AccountsTable::ALL[missing])), "{}", lines[missing]);
        }
        assert_eq!(Accounts::of("2024年度部门预算", lines.into_iter()), None);
    }
}
