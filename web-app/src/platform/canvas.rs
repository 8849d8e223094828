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

/// What tells a surface from others without its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// None.
    Plain,
    /// Lines that rise.
    Rising,
    /// Lines that fall.
    Falling,
    /// Lines along the time.
    Level,
    /// Lines that rise and lines that fall.
    Crossed,
}

/// Left, top, width, height.
pub type Rect = (f64, f64, f64, f64);

/// Lines of a texture are so far apart, in CSS pixels.
const APART: f64 = 5.0;

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

    /// The colour that the style sheet gives a property of the canvas. (A custom property that is not registered as a colour
    /// would come back as it is written, with its choice between themes not yet made.)
    pub fn colour(&self, property: &str) -> String {
        self.style.get_property_value(property).unwrap_or_default()
    }

    /// Fills a rectangle.
    pub fn fill(&self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(x, y, width, height);
    }

    /// Fills rectangles and draws the lines of a texture over them. The lines go on from one to the next.
    pub fn fill_textured(&self, rects: &[Rect], colour: &str, texture: Texture, lines: &str) {
        rects.iter().for_each(|&(x, y, width, height)| self.fill(x, y, width, height, colour));
        if texture == Texture::Plain || rects.is_empty() {
            return;
        }
        self.context.save();
        self.context.begin_path();
        rects.iter().for_each(|&(x, y, width, height)| self.context.rect(x, y, width, height));
        self.context.clip();
        self.context.begin_path();
        let (width, height) = (self.width, self.height);
        let mut at = -height;
        while at < width {
            if matches!(texture, Texture::Rising | Texture::Crossed) {
                self.context.move_to(at, height);
                self.context.line_to(at + height, 0.0);
            }
            if matches!(texture, Texture::Falling | Texture::Crossed) {
                self.context.move_to(at, 0.0);
                self.context.line_to(at + height, height);
            }
            at += APART;
        }
        let mut at = 0.5;
        while texture == Texture::Level && at < height {
            self.context.move_to(0.0, at);
            self.context.line_to(width, at);
            at += 3.0;
        }
        self.context.set_stroke_style_str(lines);
        self.context.set_line_width(1.0);
        self.context.stroke();
        self.context.restore();
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
