//! Drawing on a canvas, in CSS pixels, with the colours of the style sheet.

use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It starts there.
    Start,
    /// It is centred there.
    Centre,
    /// It ends there.
    End,
}

/// A cleared canvas to draw on.
pub struct Pen {
    context: CanvasRenderingContext2d,
    style: CssStyleDeclaration,
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
}

impl Pen {
    /// Fits the canvas to its place on the page at the screen's resolution, and clears it.
    pub fn on(canvas: &HtmlCanvasElement) -> Option<Pen> {
        let window = web_sys::window()?;
        let scale = window.device_pixel_ratio();
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let (device_width, device_height) = ((width * scale) as u32, (height * scale) as u32);
        if (canvas.width(), canvas.height()) != (device_width, device_height) {
            canvas.set_width(device_width);
            canvas.set_height(device_height);
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        let style = window.get_computed_style(canvas).ok()??;
        context.set_font(&style.get_property_value("font").unwrap_or_default());
        Some(Pen { context, style, width, height })
    }

    /// The colour that the style sheet gives a property of the canvas. (A custom property would come back as it is
    /// written, with its choice between themes not yet made.)
    pub fn colour(&self, property: &str) -> String {
        self.style.get_property_value(property).unwrap_or_default()
    }

    /// Fills a rectangle.
    pub fn fill(&self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(x, y, width, height);
    }

    /// Writes a line of text with its middle at `y`.
    pub fn text(&self, text: &str, x: f64, y: f64, align: Align, colour: &str) {
        self.context.set_text_align(match align {
            Align::Start => "left",
            Align::Centre => "center",
            Align::End => "right",
        });
        self.context.set_text_baseline("middle");
        self.context.set_fill_style_str(colour);
        // Fails for numbers that are not finite only: nothing to draw then.
        let _ = self.context.fill_text(text, x, y);
    }

    /// Width of a text in CSS pixels.
    pub fn measure(&self, text: &str) -> f64 {
        self.context.measure_text(text).map_or(0.0, |m| m.width())
    }
}
