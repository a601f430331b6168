/** Cache manager: mirrors Linux into the fast path, hit flags back to Linux, audit. */
@org.jspecify.annotations.NullMarked
package floof.sync;
