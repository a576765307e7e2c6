// What a stream is wished to be, what the server has granted of that, and what it has refused. A change that was refused is
// not asked for again until its wish is another.
#pragma once

#include "FaceBridge/Messages.h"
#include "FaceBridge/Settings.h"

namespace facebridge {

class FACEBRIDGECORE_API Wishes {
public:
    // Wishes for these settings, with the server's own where none is wished.
    void wish(const Settings& settings, const Welcome& offer);

    // It has been asked for what is wanted.
    void ask();

    // What was asked for is in force.
    void grant();

    // What the last CONTROL asked for is refused, and all stays as it was.
    void refuse(const std::string& reason);

    // What was granted last could not be done, and what was in force before it is again.
    void withdraw(const std::string& reason);

    const Settings& wanted() const { return wanted_; }      // to ask for: the wish without what was refused
    const Settings& asked() const { return asked_; }        // by the last OPEN or CONTROL
    bool asked_for_wanted() const { return wanted_.same_stream(asked_) && wanted_.same_look(asked_); }
    const Settings& in_force() const { return in_force_; }  // since the last OPENED
    const std::string& refusal() const { return refusal_; }  // why, as long as a refusal stands

private:
    void keep_out(const Settings& wish, const std::string& reason);
    void choose();

    Settings wished_;
    Settings wanted_;
    Settings asked_;
    Settings in_force_;
    Settings wished_then_;    // when it was last asked
    Settings wished_before_;  // when it was asked for what was granted last
    Settings before_;         // in force before that
    Settings refused_;        // a wish, of which that is refused in which it differs from kept_
    Settings kept_;
    std::string refusal_;
    bool granted_ = false;
};

}  // namespace facebridge
