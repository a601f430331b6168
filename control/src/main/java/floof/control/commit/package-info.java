/** The commit pipeline: check, plan, carry out or undo, record; and following the system after. */
@org.jspecify.annotations.NullMarked
package floof.control.commit;
