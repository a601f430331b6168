/** What is committed, when, by whom, and what came of it. */
@org.jspecify.annotations.NullMarked
package floof.api.commit;
