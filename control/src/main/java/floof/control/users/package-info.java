/** Users of the configuration, who need accounts of the machine. */
package floof.control.users;
