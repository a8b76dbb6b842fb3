/* The command `transport`: how pictures reach the X server. Owns nothing. */
#include "commands_parts.h"

#include <inttypes.h>
#include <string.h>

#include "session.h"

static void report_text(const struct shell_line *line, int64_t frames, struct reply *reply)
{
    reply_add(reply, "transport %s\n", line->transport);
    if (*line->passed_over)
        reply_add(reply, "passed over: %s\n", line->passed_over);
    reply_add(reply, "frames %" PRId64 "\n", frames);
    if (!line->bytes)
        return;
    reply_add(reply,
              "bands %" PRId64 ", likenesses %" PRId64 ", steps %" PRId64 ", warps %" PRId64
              ", scrolls %" PRId64 "\n",
              line->bands, line->likenesses, line->steps, line->warps, line->scrolls);
    reply_add(reply, "sent %" PRIu64 " bytes, %.0f a frame, %" PRIu64 " for the last\n",
              line->bytes, (double)line->bytes / (double)(frames ? frames : 1), line->frame_bytes);
    if (line->rate > 0)
        reply_add(reply, "rate %.0f bytes/s\n", line->rate);
    if (line->delay_us)
        reply_add(reply, "delay %.1f ms\n", (double)line->delay_us / 1000);
    if (line->step_us)
        reply_add(reply, "a step took the server %.1f ms\n", (double)line->step_us / 1000);
}

static void report_json(const struct shell_line *line, int64_t frames, struct reply *reply)
{
    reply_add(reply,
              "{\"transport\":\"%s\",\"frames\":%" PRId64 ",\"bands\":%" PRId64
              ",\"likenesses\":%" PRId64 ",\"steps\":%" PRId64 ",\"warps\":%" PRId64
              ",\"scrolls\":%" PRId64,
              line->transport, frames, line->bands, line->likenesses, line->steps, line->warps,
              line->scrolls);
    reply_add(reply,
              ",\"bytes\":%" PRIu64 ",\"frame_bytes\":%" PRIu64 ",\"rate\":%.0f,\"delay_ms\":%.3f"
              ",\"step_ms\":%.3f}\n",
              line->bytes, line->frame_bytes, line->rate, (double)line->delay_us / 1000,
              (double)line->step_us / 1000);
}

bool command_transport(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    if (strcmp(words[0], "report"))
        return command_refuse(fault, words[0], "report");
    if (count > 1 && strcmp(words[1], "json"))
        return command_refuse(fault, words[1], "json");
    struct shell_line line = shell_line(session->shell);
    if (count > 1)
        report_json(&line, session->frame, reply);
    else
        report_text(&line, session->frame, reply);
    return true;
}
