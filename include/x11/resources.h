/* X toolkit options and X resources. Application name "xlightbox" (or -name), class "Xlightbox". */
#ifndef X11_RESOURCES_H
#define X11_RESOURCES_H

#include "x11/connection.h"

struct resources;

/* Takes the X toolkit options (-display -geometry -name -title -xrm -fn -font -bg -background -fg
 * -foreground -iconic) out of words[1..]; what is left stays in order and *count is the new number.
 */
struct resources *resources_new(int *count, char **words);
void resources_free(struct resources *resources);

/* Adds, each under what is there: $XENVIRONMENT's file, the server's resources (RESOURCE_MANAGER),
 * the file Xlightbox in the folder $XAPPLRESDIR, and the first app-defaults file along
 * $XFILESEARCHPATH, or, without that, where this program's is installed, in /etc/X11 or in
 * /usr/share/X11. */
void resources_merge(struct resources *resources, const struct connection *connection);

/* The value of a resource ("geometry", "Geometry"), or NULL. Lent until resources_free. */
const char *resources_text(const struct resources *resources, const char *name, const char *class);

/* The name that resources go by. */
const char *resources_name(const struct resources *resources);

#endif
