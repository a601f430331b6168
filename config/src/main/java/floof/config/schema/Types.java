package floof.config.schema;

import static floof.base.SpecialPrefixes.NEVER_ROUTED;

import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.tree.Rule;
import floof.config.value.Secret;
import floof.config.value.ValueType;
import floof.config.value.ValueType.Shape;
import floof.config.value.Vault;
import java.util.function.Function;
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
                                    : null)
                    .example("198.51.100.0/24");

    static final ValueType<IpAddress> HOST = address(Types::notAHost);

    /** One that may be link-local, for statements that name its interface as well. */
    static final ValueType<IpAddress> GATEWAY = address(Types::notOnAWire);

    static final ValueType<String> DESCRIPTION = ValueType.line("<text>", 255);

    /** A password that is only checked. */
    static final ValueType<Secret> HASH =
            ValueType.of(
                            "<hash>",
                            "a crypt(5) hash",
                            Secret.class,
                            new Shape.Pattern(Secret.HASH),
                            Secret::hashed)
                    .example("$y$j9T$c2FsdA$0123456789abcdef");

    private Types() {}

    private static ValueType<IpAddress> address(Function<IpAddress, @Nullable String> fault) {
        return ValueType.of(
                        "<address>",
                        "an IPv4 or IPv6 address",
                        IpAddress.class,
                        new Shape.Standard("ip-address-no-zone"),
                        IpAddress::parse)
                .where(fault)
                .example("192.0.2.2");
    }

    /** A secret that must be known in clear to be used. */
    static ValueType<Secret> secret(Vault vault, int longest) {
        return ValueType.of(
                        "<secret>",
                        "1.." + longest + " ASCII characters",
                        Secret.class,
                        new Shape.Line(Vault.sealedLength(longest)),
                        text -> Secret.sealed(vault, text, longest))
                .example("a secret");
    }

    /** What holds of every address that packets are sent to next. */
    static Rule[] anotherMachine(String at) {
        return new Rule[] {
            new Rule.Unused(at, "address", "<value> is our own address, on interface <owner>"),
            new Rule.Unused(
                    at,
                    "broadcast",
                    "<value> is the broadcast address of a subnet on interface <owner>"),
        };
    }

    /** What is wrong with an address of a host, which may be link-local; null for nothing. */
    static @Nullable String notOnAWire(IpAddress address) {
        boolean isReserved = !address.isLinkLocal() && NEVER_ROUTED.has(Prefix.host(address));
        return isReserved ? "is not the address of a host on a wire" : null;
    }

    private static @Nullable String notAHost(IpAddress address) {
        return address.isLinkLocal()
                ? "is link-local; expected an address that needs no interface beside it"
                : notOnAWire(address);
    }
}
