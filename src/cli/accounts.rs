//! `xuncha accounts`: new-media accounts (政务新媒体) of units: import, marks that people enter, list. A section of their own in every report.

use super::office::OfficeOptions;
use crate::cadence::daily;
use crate::error::{Error, Result};
use crate::exit;
use crate::registry::Mark;
use crate::registry::accounts::{self, Taken};
use clap::Subcommand;
use comfy_table::{Table, presets};
use jiff::civil::Date;
use std::path::PathBuf;

/// What is done.
#[derive(Debug, Clone, Subcommand)]
pub enum Asked {
    /// 导入账号表（xlsx、csv）：有一行不对则全部不导入 / take a table of accounts in, whole or not at all
    Import {
        /// 表格 / the table
        file: PathBuf,
        /// 谁提供的：表中的最后发布日期记在其名下 / who says so: last posts of the table are entered under this name
        #[arg(long, value_name = "NAME")]
        by: String,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 记录看到的情况：最后发布、最后互动、二维码失效、更名、矩阵未列（已列）、已注销仍列 / enter what was seen of an account
    Mark {
        /// 账号编码 / account id
        account: String,
        /// 哪一种 / which
        #[arg(value_enum)]
        mark: Which,
        /// 哪一天 / on which day
        on: Date,
        /// 谁看的 / who saw it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// 说明 / more in words
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
    /// 列出账号和最近情况 / list the accounts and what is known of them
    List {
        /// 办公室 / the office
        #[command(flatten)]
        office: OfficeOptions,
    },
}

/// Marks as typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Which {
    /// 最后发布
    LastPost,
    /// 最后互动
    LastAnswer,
    /// 二维码失效
    DeadCode,
    /// 更名
    Renamed,
    /// 矩阵未列
    Missing,
    /// 已注销仍列
    ClosedShown,
    /// 矩阵已列：此前的失效、更名、未列等随之了结
    Listed,
}

impl Which {
    fn word(self) -> &'static str {
        match self {
            Which::LastPost => "last-post",
            Which::LastAnswer => "last-answer",
            Which::DeadCode => "dead-code",
            Which::Renamed => "renamed",
            Which::Missing => "missing",
            Which::ClosedShown => "closed-shown",
            Which::Listed => "listed",
        }
    }
}

/// Does it.
pub fn run(asked: &Asked) -> Result<u8> {
    let now = crate::clock::now();
    match asked {
        Asked::Import { file, by, office } => {
            let desk = office.open()?;
            let registry = desk.runtime.block_on(desk.store.registry())?;
            let (all, posts) = match accounts::read(file, &registry)? {
                Taken::Whole { accounts, posts } => (accounts, posts),
                Taken::Nothing(faults) => return Err(super::sites::refused(&faults, crate::finding::Language::default())),
            };
            desk.runtime.block_on(desk.store.put_accounts(&all))?;
            for (account, on) in posts {
                let mark = Mark { mark: "last-post".into(), on, by: by.clone(), at: now.as_second(), note: None };
                desk.runtime.block_on(desk.store.mark_account(&account, &mark))?;
            }
            println!("{} 个账号 / accounts", all.len());
        }
        Asked::Mark { account, mark, on, by, note, office } => {
            let desk = office.open()?;
            let mark = Mark { mark: mark.word().into(), on: *on, by: by.clone(), at: now.as_second(), note: note.clone() };
            if !desk.runtime.block_on(desk.store.mark_account(account, &mark))? {
                let known = desk.runtime.block_on(desk.store.accounts())?;
                let near = crate::checklist::place::suggest(account, known.iter().map(|(_, account)| account.id.as_str()));
                let message = format!("没有账号 {account} / no account is called {account}");
                return Err(near.map_or_else(|| Error::usage(&*message), |near| Error::usage_with(&*message, near)));
            }
            println!("{account}: {} {on}", mark.mark);
        }
        Asked::List { office } => {
            let desk = office.open()?;
            let rows = desk.runtime.block_on(daily::accounts(&desk.store, crate::clock::date_of(now), now.as_second()))?;
            let mut table = Table::new();
            table.load_style(presets::NOTHING);
            table.set_header([
                "单位 unit",
                "平台 medium",
                "名称 name",
                "状态 state",
                "最后发布 last post",
                "天 days",
                "其他 marks",
            ]);
            for row in rows {
                let last = row.last_post.map_or_else(|| "–".to_owned(), |day| day.to_string());
                let days = row.days.map_or_else(|| "–".to_owned(), |days| days.to_string());
                table.add_row([&row.unit, &row.medium, &row.name, &row.state, &last, &days, &row.marks.join(" ")]);
            }
            println!("{table}");
        }
    }
    Ok(exit::CLEAN)
}
