/**
 * The statements that exist: {@link floof.config.schema.Schema} puts the chapters together. A new
 * statement is a line in its chapter.
 */
@org.jspecify.annotations.NullMarked
package floof.config.schema;
