/** The process of the fast path: how it is started, watched and restarted. */
@org.jspecify.annotations.NullMarked
package floof.control.fastpath;
