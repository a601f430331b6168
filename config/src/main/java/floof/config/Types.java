package floof.config;

import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.ValueType.Shape;
import org.jspecify.annotations.Nullable;

/** Types of values that more than one chapter of the schema has. */
final class Types {

    static final ValueType<Prefix> PREFIX =
            ValueType.of(
                            "<prefix>",
                            "ADDRESS/LENGTH",
                            Prefix.class,
                            new Shape.Standard("ip-prefix"),
                            Prefix::parse)
                    .where(prefix ->
                            prefix.address().isMulticast()
                                    ? "is multicast; expected a unicast prefix"
                                    : null);

    static final ValueType<IpAddress> HOST =
            ValueType.of(
                            "<address>",
                            "an IPv4 or IPv6 address",
                            IpAddress.class,
                            new Shape.Standard("ip-address-no-zone"),
                            IpAddress::parse)
                    .where(Types::notAHost);

    static final ValueType<String> DESCRIPTION = ValueType.line("<text>", 255);

    private Types() {}

    private static @Nullable String notAHost(IpAddress address) {
        if (address.isMulticast() || address.isUnspecified() || address.isLoopback()) {
            return "is not the address of a host on a wire";
        }
        if (address.isLinkLocal()) {
            return "is link-local; expected an address that needs no interface beside it";
        }
        return null;
    }
}
