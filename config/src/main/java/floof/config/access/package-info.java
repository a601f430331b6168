/** What a user may see, change and run, by the class that the configuration gives them. */
@org.jspecify.annotations.NullMarked
package floof.config.access;
