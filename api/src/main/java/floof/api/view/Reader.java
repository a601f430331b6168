package floof.api.view;

import floof.config.access.Permissions;

/**
 * Who reads.
 *
 * @param permissions what the user may do now
 */
public record Reader(String user, Permissions permissions) {

    /** Who may see everything. */
    public static final Reader ROOT = new Reader("root", Permissions.ALL);
}
