//! `--map FILE.topojson`: boundaries that the province supplies, as paths of a drawing.
//!
//! The file is TopoJSON (<https://github.com/topojson/topojson-specification>): an object whose geometries have the unit's code
//! as the property `code`. Longitude and latitude are drawn on a plane that is true in the middle (equirectangular).

use crate::Fault;
use app::house::Boundaries;
use domain::places::UnitCode;
use serde::Deserialize;
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// Width of the drawing; a phone has fewer points.
const WIDTH: f64 = 1200.0;
/// The largest file that is read: boundaries for a page must not weigh more than the page.
const BYTES_MAX: u64 = 4 * 1024 * 1024;

#[derive(Deserialize)]
struct Topology {
    objects: BTreeMap<String, Object>,
    arcs: Vec<Vec<[f64; 2]>>,
    transform: Option<Transform>,
    #[serde(default)]
    source: String,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(default)]
    properties: BTreeMap<String, serde_json::Value>,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Shape {
    Polygon {
        arcs: Vec<Vec<i64>>,
    },
    MultiPolygon {
        arcs: Vec<Vec<Vec<i64>>>,
    },
    #[serde(other)]
    Other,
}

/// Reads the outlines of all units that the file names by code.
pub fn read(path: &Path) -> Result<Boundaries, Fault> {
    let said = |what: String| Fault::Said(format!("the map {} cannot be used: {what}", path.display()));
    let bytes = std::fs::metadata(path).map_err(|error| said(error.to_string()))?.len();
    if bytes > BYTES_MAX {
        return Err(said(format!("it has {bytes} bytes, more than {BYTES_MAX}")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| said(error.to_string()))?;
    let topology: Topology = serde_json::from_str(&text).map_err(|error| said(error.to_string()))?;
    draw(&topology).ok_or_else(|| said("no geometry in it has a unit's code as its property `code`".to_owned()))
}

fn draw(topology: &Topology) -> Option<Boundaries> {
    let arcs: Vec<Vec<[f64; 2]>> = topology.arcs.iter().map(|arc| absolute(arc, topology.transform.as_ref())).collect();
    let units: Vec<(UnitCode, Vec<Vec<[f64; 2]>>)> = topology
        .objects
        .values()
        .flat_map(|object| &object.geometries)
        .filter_map(|geometry| Some((code_of(geometry)?, rings(&geometry.shape, &arcs))))
        .collect();
    let points = || units.iter().flat_map(|(_, rings)| rings.iter().flatten());
    let (west, east) = (least(points().map(|point| point[0])), -least(points().map(|point| -point[0])));
    let (south, north) = (least(points().map(|point| point[1])), -least(points().map(|point| -point[1])));
    if units.is_empty() || east <= west || north <= south {
        return None;
    }
    let squeeze = ((south + north) / 2.0).to_radians().cos();
    let scale = WIDTH / ((east - west) * squeeze);
    let place = |point: &[f64; 2]| -> (i64, i64) {
        let (x, y) = ((point[0] - west) * squeeze * scale, (north - point[1]) * scale);
        (x.round() as i64, y.round() as i64)
    };
    let mut paths: BTreeMap<UnitCode, String> = BTreeMap::new();
    for (code, rings) in &units {
        let path = paths.entry(*code).or_default();
        for ring in rings {
            outline(path, ring.iter().map(place));
        }
    }
    let height = ((north - south) * scale).ceil() as u32;
    Some(Boundaries { width: WIDTH as u32, height, paths, source: topology.source.clone() })
}

fn least(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::INFINITY, f64::min)
}

fn code_of(geometry: &Geometry) -> Option<UnitCode> {
    geometry.properties.get("code")?.as_str()?.parse().ok()
}

/// Points of an arc in degrees: quantized ones are steps from the one before.
fn absolute(arc: &[[f64; 2]], transform: Option<&Transform>) -> Vec<[f64; 2]> {
    let Some(Transform { scale, translate }) = transform else { return arc.to_vec() };
    let mut at = [0.0, 0.0];
    let point = |step: &[f64; 2]| {
        at = [at[0] + step[0], at[1] + step[1]];
        [at[0] * scale[0] + translate[0], at[1] * scale[1] + translate[1]]
    };
    arc.iter().map(point).collect()
}

/// The rings of a shape; a negative number is the arc `!number` backwards. Arcs that are not there are left out.
fn rings(shape: &Shape, arcs: &[Vec<[f64; 2]>]) -> Vec<Vec<[f64; 2]>> {
    let all: Vec<&Vec<i64>> = match shape {
        Shape::Polygon { arcs } => arcs.iter().collect(),
        Shape::MultiPolygon { arcs } => arcs.iter().flatten().collect(),
        Shape::Other => Vec::new(),
    };
    let ring = |numbers: &Vec<i64>| {
        let mut points: Vec<[f64; 2]> = Vec::new();
        for &number in numbers {
            let place = usize::try_from(if number < 0 { !number } else { number }).unwrap_or(usize::MAX);
            let Some(arc) = arcs.get(place) else { continue };
            // The first point of an arc is the last of the one before.
            let skip = usize::from(!points.is_empty());
            match number < 0 {
                true => points.extend(arc.iter().rev().skip(skip)),
                false => points.extend(arc.iter().skip(skip)),
            }
        }
        points
    };
    all.into_iter().map(ring).collect()
}

/// One closed line, in steps from point to point.
fn outline(path: &mut String, mut points: impl Iterator<Item = (i64, i64)>) {
    let Some(first) = points.next() else { return };
    let _ = write!(path, "M{} {}l", first.0, first.1);
    let mut at = first;
    for (x, y) in points.filter(|point| *point != first) {
        if (x, y) != at {
            let _ = write!(path, "{} {} ", x - at.0, y - at.1);
            at = (x, y);
        }
    }
    path.truncate(path.trim_end().len());
    path.push('z');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares that share a side, in whole steps.
    const TWO: &str = r#"{"type":"Topology","source":"Sở thử","transform":{"scale":[1,1],"translate":[100,20]},"objects":{
        "communes":{"type":"GeometryCollection","geometries":[
            {"type":"Polygon","properties":{"code":"03646"},"arcs":[[0,1]]},
            {"type":"MultiPolygon","properties":{"code":"03664"},"arcs":[[[-1,2]]]},
            {"type":"Point","properties":{"code":"03670"},"coordinates":[0,0]}]},
        "province":{"type":"GeometryCollection","geometries":[{"type":"Polygon","properties":{"name":"x"},"arcs":[[1,2]]}]}},
        "arcs":[[[1,0],[0,1]],[[1,1],[-1,0],[0,-1],[1,0]],[[1,0],[1,0],[0,1],[-1,0]]]}"#;

    #[test]
    fn outlines_meet_at_their_border() {
        let topology: Topology = serde_json::from_str(TWO).unwrap_or_else(|error| panic!("{error}"));
        let drawn = draw(&topology).unwrap_or_else(|| panic!("nothing drawn"));
        assert_eq!((drawn.width, drawn.source.as_str()), (1200, "Sở thử"));
        let path = |code: &str| drawn.paths[&code.parse().unwrap_or_else(|_| panic!("{code}"))].clone();
        let middle = 600;
        assert_eq!(path("03646"), format!("M{middle} {0}l0 -{0} -{middle} 0 0 {0}z", drawn.height));
        assert!(path("03664").starts_with(&format!("M{middle} 0l0 {}", drawn.height)), "{}", path("03664"));
    }

    #[test]
    fn a_file_without_units_is_refused() {
        for text in [r#"{"objects":{},"arcs":[]}"#, &TWO.replace("code", "id")] {
            let topology: Topology = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(draw(&topology), None);
        }
    }
}
