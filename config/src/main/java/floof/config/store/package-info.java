/** The last 50 committed revisions, stored as differences with label and digest. */
@org.jspecify.annotations.NullMarked
package floof.config.store;
