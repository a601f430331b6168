/** The protocol between control and fast path: messages, codec, client and server ends. */
@org.jspecify.annotations.NullMarked
package floof.fpc;
