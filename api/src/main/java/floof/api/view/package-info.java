/**
 * What can be shown, for every front end: a {@link floof.api.view.View} has its place in the
 * grammar, its parameters, the flag a class needs, a cursor over its records and their layout.
 *
 * <p>A front end offers the parameters, opens the view with what was typed, prints the warnings,
 * then record by record as text by the layout or as JSON and XML by the record's components, and
 * closes the cursor when nobody reads any more.
 */
@org.jspecify.annotations.NullMarked
package floof.api.view;
