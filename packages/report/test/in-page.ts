/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** One text, line or area of a plot, as a person sees it. */
export interface PlotPart {
  /** The title of its plot, its tag, and its text. */
  readonly what: string;
  readonly isText: boolean;
  /** Of its fill or its stroke, whichever is stronger, with the page: 1 to 21, as WCAG 2 defines it. */
  readonly contrast: number;
  /** In CSS pixels on the screen; 0 of what is no text. */
  readonly fontPx: number;
  /** Whether it lies within its plot. */
  readonly isInside: boolean;
}

/**
 * Everything that is drawn in the plots of the page, but for grid lines, which nobody needs to see.
 *
 * Runs inside the browser: it is sent there as text, so it uses nothing but what it holds.
 */
export function plotParts(): PlotPart[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const parse = (colour: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? [];
    return [red, green, blue, alpha];
  };
  const luminance = (colour: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = colour.map((level) => {
      const share = level / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const page = parse(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  const contrastOf = (paint: string, opacity: string): number => {
    if (paint === 'none') return 1;
    const [red, green, blue, alpha] = parse(paint);
    const share = alpha * Number(opacity);
    const mixed = [red, green, blue].map((level, i) => share * level + (1 - share) * (page[i] ?? NaN));
    const [dark = NaN, light = NaN] = [luminance(mixed), luminance(page)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  return [...document.querySelectorAll<SVGSVGElement>('figure > svg')].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const title = svg.querySelector('title')?.textContent ?? '';
    return [...svg.querySelectorAll<SVGGraphicsElement>('text, line, path, circle, rect')].flatMap((part) => {
      const style = getComputedStyle(part);
      if (Number(style.strokeOpacity) <= 0.1) return []; // a grid line
      const isText = part.tagName === 'text';
      const { left, right, top, bottom } = part.getBoundingClientRect();
      const slack = 1; // a line on the edge is half outside
      return {
        what: `${title}: ${part.tagName} ${part.textContent}`.trim(),
        isText,
        contrast: Math.max(
          contrastOf(style.fill, style.fillOpacity),
          isText ? 1 : contrastOf(style.stroke, style.strokeOpacity), // around a text, the stroke is a halo
        ),
        fontPx: isText ? parseFloat(style.fontSize) * scale : 0,
        isInside:
          left >= frame.left - slack &&
          right <= frame.right + slack &&
          top >= frame.top - slack &&
          bottom <= frame.bottom + slack,
      };
    });
  });
}
