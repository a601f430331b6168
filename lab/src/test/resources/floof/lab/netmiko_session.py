"""A session of netmiko's driver for Junos: arguments are port, user and key; prints what came back, as JSON."""

import json
import sys

from netmiko import ConnectHandler

seen = {}
router = ConnectHandler(
    device_type="juniper_junos",
    ip="127.0.0.1",
    port=int(sys.argv[1]),
    username=sys.argv[2],
    use_keys=True,
    key_file=sys.argv[3],
    # The driver sleeps instead of waiting; a busy machine needs the patience of a slow device.
    global_delay_factor=4,
)
seen["prompt"] = router.find_prompt()
seen["version"] = router.send_command("show version")
seen["set"] = router.send_config_set(
    ["set interfaces lab1 driver tap description \"by netmiko\""], exit_config_mode=False
)
seen["in-configuration"] = router.check_config_mode()
seen["check"] = router.commit(check=True)
seen["confirmed"] = router.commit(confirm=True, confirm_delay=5)
seen["commit"] = router.commit(comment="by netmiko", and_quit=True)
seen["left"] = not router.check_config_mode()
seen["md5"] = router.send_command("file checksum md5 /etc/hostname")
router.disconnect()
print(json.dumps(seen))
