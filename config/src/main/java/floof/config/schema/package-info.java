/**
 * The schema: {@link floof.config.schema.Schema} joins the chapters. A new statement is a line in
 * its chapter.
 */
@org.jspecify.annotations.NullMarked
package floof.config.schema;
