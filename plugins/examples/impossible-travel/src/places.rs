//! Where the regions of AWS are, as cities, and how far they are from each other.

/// A region: its name, its city, and the city's latitude and longitude in degrees.
type Place = (&'static str, &'static str, f64, f64);

/// AWS names the city or the state of each region; the coordinates are the city's, or those of a town that is known for
/// its data centres. They are right to some 100 km, which is enough to compare journeys of thousands.
const PLACES: &[Place] = &[
    ("af-south-1", "Cape Town", -33.9, 18.4),
    ("ap-east-1", "Hong Kong", 22.3, 114.2),
    ("ap-east-2", "Taipei", 25.0, 121.6),
    ("ap-northeast-1", "Tokyo", 35.7, 139.7),
    ("ap-northeast-2", "Seoul", 37.6, 127.0),
    ("ap-northeast-3", "Osaka", 34.7, 135.5),
    ("ap-south-1", "Mumbai", 19.1, 72.9),
    ("ap-south-2", "Hyderabad", 17.4, 78.5),
    ("ap-southeast-1", "Singapore", 1.4, 103.8),
    ("ap-southeast-2", "Sydney", -33.9, 151.2),
    ("ap-southeast-3", "Jakarta", -6.2, 106.8),
    ("ap-southeast-4", "Melbourne", -37.8, 145.0),
    ("ap-southeast-5", "Kuala Lumpur", 3.1, 101.7),
    ("ap-southeast-6", "Auckland", -36.8, 174.8),
    ("ap-southeast-7", "Bangkok", 13.8, 100.5),
    ("ca-central-1", "Montreal", 45.5, -73.6),
    ("ca-west-1", "Calgary", 51.0, -114.1),
    ("cn-north-1", "Beijing", 39.9, 116.4),
    ("cn-northwest-1", "Zhongwei", 37.5, 105.2),
    ("eu-central-1", "Frankfurt", 50.1, 8.7),
    ("eu-central-2", "Zurich", 47.4, 8.5),
    ("eu-north-1", "Stockholm", 59.3, 18.1),
    ("eu-south-1", "Milan", 45.5, 9.2),
    ("eu-south-2", "Zaragoza", 41.6, -0.9),
    ("eu-west-1", "Dublin", 53.3, -6.3),
    ("eu-west-2", "London", 51.5, -0.1),
    ("eu-west-3", "Paris", 48.9, 2.4),
    ("eusc-de-east-1", "Potsdam", 52.4, 13.1),
    ("il-central-1", "Tel Aviv", 32.1, 34.8),
    ("me-central-1", "Dubai", 25.2, 55.3),
    ("me-south-1", "Bahrain", 26.1, 50.6),
    ("mx-central-1", "Querétaro", 20.6, -100.4),
    ("sa-east-1", "São Paulo", -23.6, -46.6),
    ("us-east-1", "Ashburn", 39.0, -77.5),
    ("us-east-2", "Columbus", 40.0, -83.0),
    ("us-gov-east-1", "Columbus", 40.0, -83.0),
    ("us-gov-west-1", "Portland", 45.5, -122.7),
    ("us-west-1", "San Jose", 37.3, -121.9),
    ("us-west-2", "Portland", 45.5, -122.7),
];

/// The mean radius of the Earth in km.
const EARTH_KM: f64 = 6_371.0;

/// A region whose place is known. Regions compare by their place in the table, which is by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(usize);

impl Region {
    /// The region of this name, if its place is known.
    pub fn find(name: &str) -> Option<Self> {
        PLACES.binary_search_by_key(&name, |place| place.0).ok().map(Self)
    }

    /// `Tokyo (ap-northeast-1)`.
    pub fn show(self) -> String {
        let (name, city, ..) = PLACES[self.0];
        format!("{city} ({name})")
    }

    /// The great-circle distance to another region in whole km.
    pub fn distance_km(self, other: Self) -> i64 {
        let radians = |(_, _, latitude, longitude): Place| (latitude.to_radians(), longitude.to_radians());
        let ((north, east), (other_north, other_east)) = (radians(PLACES[self.0]), radians(PLACES[other.0]));
        let across = ((other_north - north) / 2.0).sin().powi(2)
            + north.cos() * other_north.cos() * ((other_east - east) / 2.0).sin().powi(2);
        (2.0 * EARTH_KM * across.sqrt().min(1.0).asin()).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_on_the_globe() {
        assert!(PLACES.is_sorted_by_key(|place| place.0));
        assert!(PLACES.iter().all(|&(_, _, latitude, longitude)| latitude.abs() < 60.0 && longitude.abs() < 180.0));
        assert_eq!(Region::find("eu-west-1").unwrap().show(), "Dublin (eu-west-1)");
        assert_eq!(Region::find("aws-global"), None);
    }

    #[test]
    fn distances_are_those_of_the_atlas() {
        fn check(from: &str, to: &str, expected_km: i64) {
            let (from, to) = (Region::find(from).unwrap(), Region::find(to).unwrap());
            let found = from.distance_km(to);
            assert!((found - expected_km).abs() <= 50 + expected_km / 50, "{} to {}: {found}", from.show(), to.show());
            assert_eq!(found, to.distance_km(from));
        }
        check("eu-west-1", "eu-west-1", 0);
        check("eu-west-2", "eu-west-3", 344);
        check("eu-west-1", "us-east-1", 5_450);
        check("us-east-1", "ap-southeast-1", 15_540);
        check("sa-east-1", "ap-northeast-1", 18_530);
        check("ap-southeast-6", "us-west-1", 10_500);
    }
}
