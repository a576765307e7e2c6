#version 330
// One hair in the skin atlas: rounded across, thin at the tip. The target keeps its own alpha.
in vec2 at;
in vec3 hair;
layout(location = 0) out vec4 colour;
layout(location = 1) out vec4 relief;

void main() {
    float body = (1.0 - at.x * at.x) * smoothstep(1.0, 0.55, at.y) * smoothstep(-0.05, 0.12, at.y);
    colour = vec4(sqrt(hair), clamp(body * 1.05, 0.0, 0.85));
    relief = vec4(0.62, 0.0, 0.0, body * 0.8);
}
