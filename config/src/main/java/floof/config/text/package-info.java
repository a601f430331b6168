/**
 * Configurations as text and back: nested text, {@code set} lines, JSON, differences and patches;
 * the schema as YANG and as a manual. What is printed is read back to an equal tree.
 */
@org.jspecify.annotations.NullMarked
package floof.config.text;
