// Plain statistics over arrays of numbers.

export function median(values) {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of `values` lies, interpolated between neighbours. */
export function quantile(values, q) {
  const ordered = Float64Array.from(values).sort();
  const at = q * (ordered.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return ordered[below] + (ordered[above] - ordered[below]) * (at - below);
}

/** Growth of y per unit of x: the median of the slopes between all pairs of points, which no single outlier can move. */
export function slope(points) {
  const slopes = points.flatMap(([x, y], i) => points.slice(i + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)));
  return median(slopes);
}
