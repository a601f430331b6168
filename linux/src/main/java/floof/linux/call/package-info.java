/** The only native call: syscall(2) of the C library. No other module sees it. */
@org.jspecify.annotations.NullMarked
package floof.linux.call;
