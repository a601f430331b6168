/** The control plane's connection to the fast path manager. */
@org.jspecify.annotations.NullMarked
package floof.control.fpc;
