/** Static routes as they live: those that cannot be used, and why. */
@org.jspecify.annotations.NullMarked
package floof.control.statics;
