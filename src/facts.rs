//! Page facts and site facts: what is there, and no opinion.
//!
//! A page is parsed once ([`page::read`]); what rules need of it is kept as plain data ([`Page`]), so that the tree is dropped at
//! once. Site facts ([`site::Site`]) are folds over pages and URL states. Nothing here names a rule, a checklist item or a score.

pub mod accessibility;
pub mod accounts;
pub mod annual_report;
pub mod attachments;
pub mod breadcrumb;
pub mod catalogue;
pub mod charset;
pub mod column_list;
pub mod concealment;
pub mod dates;
pub mod document;
pub mod document_kind;
pub mod elements;
pub mod file;
pub mod footer;
pub mod form;
pub mod header;
pub mod history;
pub mod identifiers;
pub mod interpretation;
mod layout;
pub mod links;
pub mod messages;
pub mod meta;
pub mod offers;
pub mod page;
pub mod page_kind;
pub mod pairs;
pub mod particulars;
pub mod personal;
pub mod platform;
pub mod probes;
pub mod provinces;
pub mod records;
pub mod rendering;
pub mod search_box;
pub mod selected;
pub mod simhash;
pub mod site;
pub mod solicitation;
pub mod table;
pub mod transport;
mod tree;

pub use annual_report::AnnualReport;
pub use file::File;
pub use history::History;
pub use page::Page;
pub use rendering::Rendering;
pub use site::Site;

/// Raised whenever a fact is read differently: stored facts of another version are read anew from the capture.
pub const EXTRACTOR_VERSION: u32 = 5;
