package floof.control.users;

import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.instance.Processes;
import floof.control.plan.Department;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import java.io.IOException;
import java.util.List;

/** Has nothing to do yet: users log in by accounts that the machine has. */
public final class Users implements Department {

    private static final long LOOK_UP_MS = 2_000;

    @Override
    public List<Step> plan(Intent shall, boolean isFull) {
        return List.of();
    }

    @Override
    public List<ConfigError> warnings(Branch shall, Branch running) {
        List<String> known = users(running);
        return users(shall).stream()
                .filter(user -> !known.contains(user) && !exists(user))
                .map(user ->
                        new ConfigError(
                                List.of("system", "login", "user", user),
                                null,
                                "this machine has no account of that name; the user needs"
                                        + " one ('useradd -m "
                                        + user
                                        + "' makes it)"))
                .toList();
    }

    private static List<String> users(Branch tree) {
        Branch login = tree.effective().container("system").container("login");
        return login.entries("user").stream().map(Branch::name).toList();
    }

    /** Also true when that cannot be found out. */
    private static boolean exists(String user) {
        try {
            return Processes.run(LOOK_UP_MS, List.of("getent", "passwd", "--", user)).status() != 2;
        } catch (IOException e) {
            return true;
        }
    }
}
