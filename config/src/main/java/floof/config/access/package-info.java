/** What a user may see, change and run, by login class. */
@org.jspecify.annotations.NullMarked
package floof.config.access;
