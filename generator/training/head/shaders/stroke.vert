#version 330
in vec2 uv;
in vec2 place; // across -1..1, root to tip 0..1
in vec3 tint;
out vec2 at;
out vec3 hair;

void main() {
    at = place;
    hair = tint;
    gl_Position = vec4(uv.x - 1.0, uv.y * 2.0 - 1.0, 0.0, 1.0);
}
