/** Routes: what can be asked, where the answer comes from, and the views of it. */
@org.jspecify.annotations.NullMarked
package floof.api.route;
