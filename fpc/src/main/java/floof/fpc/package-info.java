/**
 * FPC, the protocol between control and fast path: messages, codec, client and server ends.
 *
 * <p>A client sends requests with a rising sequence number, several at a time; the server answers
 * each one, in order, with a {@link floof.fpc.Report} and, where the type has one, an answer. Both
 * run over a Unix stream socket. Every message has this header in network order, then the fields of
 * its record in the order of their declaration:
 *
 * <pre>
 *  0 u32 length, header included (24..65536)   4 u8 version (1)   5 u8 flags (1 = reply)   6 u16 type
 *  8 u64 sequence (a reply repeats it)        16 u32 report (0 in requests)   20 u32 resync
 * </pre>
 *
 * <p>Fields: integers in network order; a boolean is one byte, 0 or 1; an enumeration is one byte,
 * its ordinal; text is u16 length and UTF-8; an address is one byte (4, 6, or 0 for none) and its
 * bytes; a prefix or interface address is an address and one byte of length; a list is u16 count
 * and its elements. A reply other than {@link floof.fpc.Report#OK} carries a text instead of an
 * answer. Nothing may follow the last field.
 *
 * <p>A message that breaks these rules is a {@link floof.fpc.MalformedMessage}: the connection
 * ends, since its bytes can no longer be trusted. An unknown type is answered UNSUPPORTED, and the
 * connection continues.
 */
@org.jspecify.annotations.NullMarked
package floof.fpc;
