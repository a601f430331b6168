/** Drivers: AF_PACKET, TAP, packet generator. */
@org.jspecify.annotations.NullMarked
package floof.ports;
