/**
 * The commit pipeline: check, plan, carry out or undo, record. Afterwards it keeps the system as
 * committed.
 */
@org.jspecify.annotations.NullMarked
package floof.control.commit;
