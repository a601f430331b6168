/**
 * Benchmarks, run by {@code ./floof bench NAME [--json]}: each prints what it measured, and with
 * {@code --json} one object {@code {"machine": {...}, "rows": [{"name", "value", "unit", "runs":
 * [min, median, max]}]}} instead.
 */
@org.jspecify.annotations.NullMarked
package floof.lab.bench;
