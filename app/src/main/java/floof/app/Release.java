package floof.app;

import floof.control.Leftovers;
import floof.control.instance.Instance;
import floof.control.instance.InstanceLock;
import java.io.IOException;
import java.util.List;

/** {@code floof release}: returns the devices of a killed router and removes its leftovers. */
public final class Release {

    private Release() {}

    public static void main(String[] words) {
        Logging.start(null);
        List<String> failures;
        try {
            Instance instance = Arguments.parse(words).instance();
            try (var _ =
                    InstanceLock.take(instance.supervisorLock(), "instance " + instance.name())) {
                failures = Leftovers.giveBack(instance);
            }
        } catch (IllegalArgumentException | IOException e) {
            failures = List.of(String.valueOf(e.getMessage()));
        }
        failures.forEach(failure -> System.err.println("floof: " + failure));
        System.exit(failures.isEmpty() ? 0 : 1);
    }
}
