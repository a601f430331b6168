package floof.control.port;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.control.instance.Instance;
import floof.control.plan.Intent;
import floof.fpc.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a port is and what its device was before it was claimed, as it stands in {@link Claims}.
 *
 * @param index the port's number in the fast path
 * @param settings what else the driver needs
 * @param device null without a kernel device
 */
public record Claim(
        String port,
        int index,
        Driver driver,
        SortedMap<String, String> settings,
        @Nullable Device device) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * A kernel device in the namespace it came from.
     *
     * @param mtu layer-3, in bytes
     * @param up administratively
     */
    public record Device(
            String name,
            MacAddress mac,
            int mtu,
            boolean up,
            List<Address> addresses,
            List<Way> routes) {}

    /**
     * An address that the device had.
     *
     * @param peer the other end of a point-to-point link; null for none
     * @param broadcast of IPv4 (IFA_BROADCAST); null for none
     * @param flags IFA_F_ bits (linux/if_addr.h)
     * @param protocol IFAPROT_ number: who set it
     */
    public record Address(
            InterfaceAddress address,
            @Nullable IpAddress peer,
            @Nullable IpAddress broadcast,
            int scope,
            int flags,
            int protocol) {}

    /**
     * A route of table main through the device alone.
     *
     * @param gateway null for none: on the link
     * @param metric RTA_PRIORITY
     * @param source preferred; null for none
     * @param scope RT_SCOPE_ number
     * @param protocol RTPROT_ number: who set it
     * @param flags RTNH_F_ONLINK or 0
     */
    public record Way(
            Prefix prefix,
            @Nullable IpAddress gateway,
            long metric,
            @Nullable IpAddress source,
            int scope,
            int protocol,
            int flags) {}

    /** How the port reaches its wire. */
    public Intent.Attachment attachment() {
        return new Intent.Attachment(driver, device == null ? null : device.name(), settings);
    }

    /** The same with another device. */
    Claim with(Device other) {
        return new Claim(port, index, driver, settings, other);
    }

    /** Name of the device in the hidden namespace and on its way there; unique on the machine. */
    public String hiddenName(Instance instance) {
        return instance.name() + "." + index;
    }

    /** As one line of JSON, without its end. */
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("port", port).put("index", index).put("driver", driver.label());
        ObjectNode set = root.putObject("settings");
        settings.forEach(set::put);
        if (device != null) {
            ObjectNode was = root.putObject("device");
            was.put("name", device.name()).put("mac", device.mac().toString());
            was.put("mtu", device.mtu()).put("up", device.up());
            ArrayNode addresses = was.putArray("addresses");
            for (Address address : device.addresses()) {
                ObjectNode node = addresses.addObject();
                node.put("address", address.address().toString());
                put(node, "peer", address.peer());
                put(node, "broadcast", address.broadcast());
                node.put("scope", address.scope()).put("flags", address.flags());
                node.put("protocol", address.protocol());
            }
            ArrayNode routes = was.putArray("routes");
            for (Way route : device.routes()) {
                ObjectNode node = routes.addObject();
                node.put("prefix", route.prefix().toString());
                put(node, "gateway", route.gateway());
                put(node, "source", route.source());
                node.put("metric", route.metric()).put("scope", route.scope());
                node.put("protocol", route.protocol()).put("flags", route.flags());
            }
        }
        return root.toString();
    }

    /**
     * From what {@link #json} gave.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    static Claim parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            JsonNode was = root.get("device");
            SortedMap<String, String> settings = new TreeMap<>();
            for (Map.Entry<String, JsonNode> set : root.path("settings").properties()) {
                settings.put(set.getKey(), set.getValue().asString());
            }
            return new Claim(
                    root.required("port").asString(),
                    root.required("index").asInt(),
                    Driver.of(root.required("driver").asString()),
                    settings,
                    was == null ? null : device(was));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void put(ObjectNode node, String name, @Nullable IpAddress address) {
        if (address != null) {
            node.put(name, address.toString());
        }
    }

    private static @Nullable IpAddress get(JsonNode node, String name) {
        JsonNode text = node.get(name);
        return text == null ? null : IpAddress.parse(text.asString());
    }

    private static Device device(JsonNode was) {
        List<Address> addresses = new ArrayList<>();
        for (JsonNode node : was.required("addresses")) {
            addresses.add(
                    new Address(
                            InterfaceAddress.parse(node.required("address").asString()),
                            get(node, "peer"),
                            get(node, "broadcast"),
                            node.required("scope").asInt(),
                            node.required("flags").asInt(),
                            node.required("protocol").asInt()));
        }
        List<Way> routes = new ArrayList<>();
        for (JsonNode node : was.path("routes")) {
            routes.add(
                    new Way(
                            Prefix.parse(node.required("prefix").asString()),
                            get(node, "gateway"),
                            node.required("metric").asLong(),
                            get(node, "source"),
                            node.required("scope").asInt(),
                            node.required("protocol").asInt(),
                            node.required("flags").asInt()));
        }
        return new Device(
                was.required("name").asString(),
                MacAddress.parse(was.required("mac").asString()),
                was.required("mtu").asInt(),
                was.required("up").asBoolean(),
                List.copyOf(addresses),
                List.copyOf(routes));
    }
}
