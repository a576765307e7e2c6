// The head's turn; turns.py does the same.
uniform vec3 head_angles, pivot;

mat3 turned_by(vec3 angle) {
    float cy = cos(-angle.x), sy = sin(-angle.x), cp = cos(angle.y), sp = sin(angle.y), cr = cos(-angle.z), sr = sin(-angle.z);
    mat3 yaw = mat3(cy, 0, -sy, 0, 1, 0, sy, 0, cy);
    mat3 pitch = mat3(1, 0, 0, 0, cp, sp, 0, -sp, cp);
    mat3 roll = mat3(cr, sr, 0, -sr, cr, 0, 0, 0, 1);
    return roll * yaw * pitch;
}

mat3 turned(float weight) { return turned_by(head_angles * weight); }

vec3 placed(vec3 point, float weight) { return turned(weight) * (point - pivot) + pivot; }
