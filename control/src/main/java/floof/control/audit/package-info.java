/** Who did what: the audit log, and what a commit tells it and the system log. */
@org.jspecify.annotations.NullMarked
package floof.control.audit;
