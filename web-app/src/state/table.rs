//! The table of events as the user has set it up: its columns, how wide they are, and how close its rows stand. Names of
//! fields are no log data, so all of it is remembered.

use super::App;
use crate::kit::columns::WIDTHS;
use crate::platform::storage;
use analyzer_core::field::{Field, find};
use analyzer_core::order;
use leptos::prelude::*;

const REMEMBERED_AS: &str = "trailglass-table";
const VERSION: &str = "v1";

/// The columns at first, with their widths in CSS pixels.
const AT_FIRST: [(&str, u32); 8] = [
    ("eventTime", 164),
    ("eventName", 204),
    ("eventSource", 112),
    ("principal", 206),
    ("sourceIPAddress", 136),
    ("awsRegion", 110),
    ("errorCode", 166),
    ("userAgent", 260),
];
/// The width of any other column at first.
const WIDTH: u32 = 180;

/// How close rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// With room around the text.
    #[default]
    Comfortable,
    /// As many as can be read.
    Compact,
}

impl Density {
    /// The height of a row in CSS pixels.
    pub fn row_height(self) -> f64 {
        match self {
            Density::Comfortable => 28.0,
            Density::Compact => 21.0,
        }
    }
}

/// A column that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// What it shows.
    pub field: &'static Field,
    /// In CSS pixels.
    pub width: u32,
    /// Whether it stays at the left.
    pub is_pinned: bool,
}

impl Chosen {
    /// Whether nobody gave it another width than it had at first.
    pub fn has_first_width(&self) -> bool {
        self.width == first_width(self.field)
    }
}

/// The width of the column of a field at first, in CSS pixels.
fn first_width(field: &Field) -> u32 {
    AT_FIRST.iter().find(|(name, _)| *name == field.name).map_or(WIDTH, |(_, width)| *width)
}

/// What is remembered of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Setting {
    density: Density,
    columns: Vec<Chosen>,
}

/// The table.
#[derive(Clone, Copy)]
pub struct Table {
    /// Its columns from the left; those that stay there come first.
    pub columns: RwSignal<Vec<Chosen>>,
    /// How close its rows stand.
    pub density: RwSignal<Density>,
}

fn at_first() -> Vec<Chosen> {
    let chosen = |(name, width)| Some(Chosen { field: find(name)?, width, is_pinned: false });
    AT_FIRST.into_iter().filter_map(chosen).collect()
}

impl Table {
    /// As it was the last time.
    pub fn start() -> Table {
        let Setting { density, columns } = read(&storage::recall(REMEMBERED_AS).unwrap_or_default());
        Table { columns: RwSignal::new(columns), density: RwSignal::new(density) }
    }

    /// The names of the fields that it shows.
    pub fn fields(&self) -> Vec<&'static str> {
        self.columns.with(|columns| columns.iter().map(|column| column.field.name).collect())
    }

    /// Adds a column for a field, behind the others.
    pub fn add(&self, name: &str) {
        let Some(field) = find(name).filter(|field| field.is_at_hand()) else { return };
        self.change(|columns| {
            if columns.iter().all(|column| column.field != field) {
                columns.push(Chosen { field, width: first_width(field), is_pinned: false });
            }
        });
    }

    /// Takes a column away; the last one stays.
    pub fn remove(&self, name: &str) {
        self.change(|columns| {
            if columns.len() > 1 {
                columns.retain(|column| column.field.name != name);
            }
        });
    }

    /// Moves a column so many places to the right, or to the left by a negative number, among its like.
    pub fn step(&self, name: &str, by: isize) {
        self.change(|columns| step(columns, name, by));
    }

    /// Lets a column stay at the left, or scroll with the others.
    pub fn turn_pin(&self, name: &str) {
        self.change(|columns| {
            if let Some(column) = columns.iter_mut().find(|column| column.field.name == name) {
                column.is_pinned = !column.is_pinned;
            }
            order::sort_by_key(columns, |column| !column.is_pinned);
        });
    }

    /// Makes a column so wide, in CSS pixels.
    pub fn set_width(&self, name: &str, width: f64) {
        self.change(|columns| {
            if let Some(column) = columns.iter_mut().find(|column| column.field.name == name) {
                column.width = width.clamp(WIDTHS.0, WIDTHS.1) as u32;
            }
        });
    }

    /// Makes a column wider by so much, or narrower by a negative number.
    pub fn widen(&self, name: &str, by: f64) {
        let width = self.columns.with_untracked(|columns| {
            columns.iter().find(|column| column.field.name == name).map(|column| f64::from(column.width))
        });
        if let Some(width) = width {
            self.set_width(name, width + by);
        }
    }

    /// The columns of the start.
    pub fn reset(&self) {
        self.change(|columns| *columns = at_first());
    }

    /// Puts rows so close.
    pub fn set_density(&self, density: Density) {
        self.density.set(density);
        self.remember();
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Chosen>)) {
        let before = self.columns.get_untracked();
        let mut columns = before.clone();
        change(&mut columns);
        if columns != before {
            self.columns.set(columns);
            self.remember();
        }
    }

    fn remember(&self) {
        let setting = Setting { density: self.density.get_untracked(), columns: self.columns.get_untracked() };
        storage::remember(REMEMBERED_AS, &write(&setting));
    }
}

fn step(columns: &mut [Chosen], name: &str, by: isize) {
    let Some(from) = columns.iter().position(|column| column.field.name == name) else { return };
    let Some(to) = from.checked_add_signed(by).filter(|&to| to < columns.len()) else { return };
    if columns[from].is_pinned == columns[to].is_pinned {
        columns.swap(from, to);
    }
}

/// `v1;compact;eventTime:164:pinned,eventName:204`.
fn write(setting: &Setting) -> String {
    let density = match setting.density {
        Density::Comfortable => "comfortable",
        Density::Compact => "compact",
    };
    let column = |Chosen { field, width, is_pinned }: &Chosen| {
        format!("{}:{width}{}", field.name, if *is_pinned { ":pinned" } else { "" })
    };
    let columns: Vec<String> = setting.columns.iter().map(column).collect();
    format!("{VERSION};{density};{}", columns.join(","))
}

/// What was remembered. Another version may have known other fields; without any, the table is that of the start.
fn read(text: &str) -> Setting {
    let mut parts = text.split(';');
    let is_known = parts.next() == Some(VERSION);
    let density = match parts.next() {
        Some("compact") if is_known => Density::Compact,
        _ => Density::Comfortable,
    };
    let mut columns: Vec<Chosen> = Vec::new();
    for text in parts.next().filter(|_| is_known).unwrap_or_default().split(',') {
        let mut parts = text.split(':');
        let field = parts.next().and_then(find).filter(|field| field.is_at_hand());
        let width = parts.next().and_then(|width| width.parse::<f64>().ok()).filter(|width| width.is_finite());
        if let Some((field, width)) = field.zip(width)
            && columns.iter().all(|column| column.field != field)
        {
            let width = width.clamp(WIDTHS.0, WIDTHS.1) as u32;
            columns.push(Chosen { field, width, is_pinned: parts.next() == Some("pinned") });
        }
    }
    order::sort_by_key(&mut columns, |column| !column.is_pinned);
    Setting { density, columns: if columns.is_empty() { at_first() } else { columns } }
}

impl App {
    /// Rows that are at hand may lack a column that comes; rows follow the density.
    pub(super) fn keep_table(&self) {
        let app = *self;
        let fields = Memo::new(move |_| app.table.fields());
        Effect::new(move |before: Option<Vec<&'static str>>| {
            let fields = fields.get();
            let is_new = |name: &&'static str| before.as_ref().is_some_and(|before| !before.contains(name));
            if fields.iter().any(is_new) {
                app.refresh();
            }
            fields
        });
        Effect::new(move |_| app.grid.set_row_height(app.table.density.get().row_height()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back() {
        let check = |text: &str, expected: &str| assert_eq!(write(&read(text)), expected, "{text}");
        let start = "eventTime:164,eventName:204,eventSource:112,principal:206,sourceIPAddress:136,awsRegion:110,errorCode:166,\
             userAgent:260";
        check("", &format!("v1;comfortable;{start}"));
        check("v1;compact;", &format!("v1;compact;{start}"));
        check("v0;compact;eventName:200", &format!("v1;comfortable;{start}"));
        check("v1;compact;eventTime:100,eventID:300:pinned", "v1;compact;eventID:300:pinned,eventTime:100");
        // Fields that are gone, come twice, are not at hand, or have no width; widths out of bounds.
        check(
            "v1;x;gone:9,eventName:1,eventName:200,requestParameters:100,awsRegion,errorCode:nan,userAgent:99999",
            "v1;comfortable;eventName:48,userAgent:1200",
        );
    }

    #[test]
    fn columns_move_among_their_like() {
        let check = |name, by, expected: &str| {
            let mut columns = read("v1;;eventTime:100:pinned,eventID:100:pinned,eventName:100,awsRegion:100").columns;
            step(&mut columns, name, by);
            let names: Vec<&str> = columns.iter().map(|column| column.field.name).collect();
            assert_eq!(names.join(" "), expected, "{name} {by}");
        };
        check("eventID", -1, "eventID eventTime eventName awsRegion");
        check("eventID", 1, "eventTime eventID eventName awsRegion");
        check("eventName", 1, "eventTime eventID awsRegion eventName");
        check("eventName", -1, "eventTime eventID eventName awsRegion");
        check("eventTime", -1, "eventTime eventID eventName awsRegion");
        check("awsRegion", 1, "eventTime eventID eventName awsRegion");
        check("gone", 1, "eventTime eventID eventName awsRegion");
    }
}
