/**
 * What can be run, for every front end: a {@link floof.api.view.Command} has its words and its
 * parameters. A {@link floof.api.view.View} shows records: it has a cursor over them and their
 * layout. An {@link floof.api.view.Operation} does something.
 *
 * <p>A front end offers the parameters, asks {@link floof.api.Access} whether the user may, opens
 * the view with what was typed, prints the warnings, then record by record as text by the layout or
 * as JSON and XML by the record's components, and closes the cursor when nobody reads any more.
 */
@org.jspecify.annotations.NullMarked
package floof.api.view;
