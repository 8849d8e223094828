//! Rows as structs: the fields by name where they are used, by place where they are read.

/// Declares a struct for the rows of a detector: which fields it reads, and under what names.
///
/// The struct has an `Option` for each field, `None` where the event lacks it, and the event itself as `row`. Without a type
/// a value is a `&str`; `as bool`, `as i64`, `as std::net::IpAddr` or any other [`Copy`] type that implements
/// [`FromStr`](std::str::FromStr) reads the text as that, and gives `None` where it is something else.
///
/// `FIELDS` goes into the manifest as it is: a value is read by its place there, without comparing names for each
/// event.
///
/// ```
/// use trailglass_plugin::{Detector, Finding, Group, Manifest, Options, trial::Trial};
///
/// trailglass_plugin::rows! {
///     /// A call to S3.
///     struct Call {
///         bucket: "requestParameters.bucketName",
///         read_only: "readOnly" as bool,
///     }
/// }
///
/// struct Writes;
///
/// impl Detector for Writes {
///     const MANIFEST: Manifest = Manifest { id: "writes", fields: Call::FIELDS, ..Manifest::NOTHING };
///
///     fn configure(_: &Options) -> Result<Self, String> {
///         Ok(Self)
///     }
///
///     fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
///         let calls = group.rows().map(Call::from);
///         let writes = calls.filter(|call| call.read_only == Some(false));
///         writes.map(|call| Finding::new([call], call.bucket.unwrap_or("no bucket"))).collect()
///     }
/// }
///
/// let event = [("requestParameters.bucketName", "logs"), ("readOnly", "false")];
/// let findings = Trial::new().event(0, event).event(1, []).run::<Writes>()?;
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].why, "logs");
/// # Ok::<(), String>(())
/// ```
///
/// # Panics
/// In a debug build, when the manifest of the rows has other fields than the struct: a detector has one such struct.
#[macro_export]
macro_rules! rows {
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident {
            $($(#[$doc:meta])* $field:ident: $path:literal $(as $kind:ty)?),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy)]
        #[allow(dead_code, reason = "a field can be there for the grouping only")]
        $vis struct $name<'a> {
            /// The event.
            pub row: $crate::Row<'a>,
            $(
                $(#[$doc])*
                #[doc = $path]
                pub $field: $crate::rows!(@type 'a $($kind)?),
            )+
        }

        impl $name<'_> {
            /// The fields, in the order of the columns.
            $vis const FIELDS: &'static [&'static str] = &[$($path),+];
        }

        impl<'a> ::std::convert::From<$crate::Row<'a>> for $name<'a> {
            fn from(row: $crate::Row<'a>) -> Self {
                debug_assert_eq!(row.fields(), Self::FIELDS, "the manifest has other fields than the struct");
                let [$($field),+] = row.all();
                Self { row, $($field: $crate::rows!(@read $field $(, $kind)?)),+ }
            }
        }

        impl<'a> ::std::convert::From<$name<'a>> for $crate::Row<'a> {
            fn from(typed: $name<'a>) -> Self {
                typed.row
            }
        }
    };
    (@type $life:lifetime) => { ::std::option::Option<&$life str> };
    (@type $life:lifetime $kind:ty) => { ::std::option::Option<$kind> };
    (@read $value:expr) => { $value };
    (@read $value:expr, $kind:ty) => { $value.and_then(|value: &str| value.parse::<$kind>().ok()) };
}

#[cfg(test)]
mod tests {
    use crate::trial::Trial;
    use crate::{Detector, Finding, Group, Grouping, Manifest, Options};

    crate::rows! {
        /// Every kind of field.
        struct Seen {
            /// Grouped by.
            key: "k",
            text: "a.b",
            flag: "c" as bool,
            number: "d" as i64,
            address: "e" as std::net::IpAddr,
        }
    }

    struct Show;

    impl Detector for Show {
        const MANIFEST: Manifest =
            Manifest { fields: Seen::FIELDS, grouping: Grouping::By(&["k"]), ..Manifest::NOTHING };

        fn configure(_: &Options) -> Result<Self, String> {
            Ok(Self)
        }

        fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
            let show = |seen: Seen<'_>| {
                let Seen { key, text, flag, number, address, .. } = seen;
                Finding::new([seen], format!("{key:?} {text:?} {flag:?} {number:?} {address:?}"))
            };
            group.rows().map(Seen::from).map(show).collect()
        }
    }

    #[test]
    fn fields_are_read_as_their_types() {
        fn check(fields: &[(&str, &str)], expected: &str) {
            let findings = Trial::new().event(0, fields.iter().copied()).run::<Show>().unwrap();
            assert_eq!(findings[0].why, expected, "{fields:?}");
        }
        assert_eq!(Seen::FIELDS, ["k", "a.b", "c", "d", "e"]);
        check(&[("k", "x")], "Some(\"x\") None None None None");
        check(
            &[("e", "::1"), ("d", "-7"), ("c", "true"), ("a.b", "y")],
            "None Some(\"y\") Some(true) Some(-7) Some(::1)",
        );
        check(&[("e", "ec2.amazonaws.com"), ("d", "7.5"), ("c", "True")], "None None None None None");
    }

    struct Other;

    impl Detector for Other {
        const MANIFEST: Manifest = Manifest { fields: &["k"], ..Manifest::NOTHING };

        fn configure(_: &Options) -> Result<Self, String> {
            Ok(Self)
        }

        fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
            vec![Finding::new(group.rows().map(Seen::from), "never")]
        }
    }

    #[test]
    #[should_panic(expected = "the manifest has other fields than the struct")]
    fn rows_of_another_manifest_are_a_mistake_of_the_author() {
        let _ = Trial::new().event(0, []).run::<Other>();
    }
}
