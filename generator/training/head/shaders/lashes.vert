#version 330
in vec3 position;
in vec3 ribbon; // along the lid, root to tip, which ribbon
in float follow;
out vec3 R;
#include "turn.glsl"
#include "camera.glsl"

void main() {
    R = ribbon;
    // the rig's ribbons point straight ahead: bend the upper ones up, the lower ones down
    float bend = ribbon.z > 2.5 ? 0.55 : -0.18;
    gl_Position = to_clip(placed(position + vec3(0.0, bend * ribbon.y * ribbon.y, 0.0), follow));
}
