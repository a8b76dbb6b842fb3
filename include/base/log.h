/* Log topics for debugging: `XLIGHTBOX_LOG=worker,frame xlightbox FILE`. Silent unless asked.
 *
 * This layer prints nothing: app installs the sink. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_topic { LOG_WORKER, LOG_TILES, LOG_FRAME, LOG_X11, LOG_COMMAND, LOG_TOPICS };

typedef void log_sink(const char *topic, const char *line);

/* `topics`: names with commas between them, or "all"; unknown ones are passed over. NULL switches
 * all off. */
void log_setup(const char *topics, log_sink *sink);
void log_line(enum log_topic topic, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
